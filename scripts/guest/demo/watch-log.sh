#!/bin/sh
# A pipeline of three over the shop's log.
/bin/tail -f /var/log/shopd.log | /bin/grep 200 | /bin/sed 's/GET //' >/var/log/items.log
