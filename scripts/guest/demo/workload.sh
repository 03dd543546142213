#!/bin/sh
# Everything that runs in the demo: a small web shop with its services, customers who come and go, and the jobs around it.
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

buyer 100000 20 &                                                  # one who stays
buyer 100000 90 &
(while :; do buyer 8 30; sleep 0.4; done) &                        # and many who do not
(tail -f /var/log/shopd.log | grep 200 | sed 's/GET //' >/var/log/items.log) &
(while :; do gzip -c /var/log/shopd.log >/var/backup/shopd.log.gz; ls -l /var/backup >/dev/null; sleep 1.3; done) &
(while :; do dd if=/dev/urandom bs=4096 count=60 2>/dev/null | md5sum | cut -c1-8 >/var/backup/sum; sleep 0.7; done) &
(while :; do date >/dev/null; true; test -e /nowhere; sleep 0.2; done) &
(while :; do sleep 5; cat /no/such/file 2>/dev/null; sh -c 'kill -TERM $$'; done) &
