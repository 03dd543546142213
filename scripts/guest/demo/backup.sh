#!/bin/sh
# Packs the shop's log again and again.
while :; do
	/bin/gzip -c /var/log/shopd.log >/var/backup/shopd.log.gz
	/bin/ls -l /var/backup >/dev/null
	/bin/sleep 4
done
