#!/bin/sh
# A pipeline that moves bytes.
while :; do
	/bin/dd if=/dev/urandom bs=4096 count=60 2>/dev/null | /bin/md5sum | /bin/cut -c1-8 >/var/backup/sum
	/bin/sleep 1.7
done
