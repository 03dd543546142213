#!/bin/sh
# Everything that runs in the demo: a small web shop with its services, its customers, and some jobs. The other scripts
# in this folder are programs on the guest's PATH.
mkfifo /run/spool
mkdir -p /var/log /var/spool /var/backup
: >/var/log/shopd.log

stockd &
auditd &
(exec cat </run/spool >/var/spool/outbox) &
mailer &
sleep 0.3
shopd &
sleep 0.3

buyer 100000 20 & # two customers who stay
buyer 100000 90 &
customers & # and many who do not
watch-log &
backup &
reports &
jobs &
