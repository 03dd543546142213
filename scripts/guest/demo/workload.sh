#!/bin/sh
# Everything that runs in the demo: a small web shop with its services, its customers, and some jobs, each as a user of its own.
# The other scripts in this folder are programs on the guest's PATH.
number=100
for user in shop stock audit mail anna boris web ops; do
	number=$((number + 1))
	echo "$user:x:$number:$number:$user:/:/bin/sh" >>/etc/passwd
	echo "$user:x:$number:" >>/etc/group
done
mkdir -p /var/log /var/spool /var/backup
chmod 777 /run /var/log /var/spool /var/backup
umask 0 # they use each other's files, sockets and queues
mkfifo /run/spool
: >/var/log/shopd.log

as() { su -s /bin/sh -c "exec $2" "$1" & }

as stock stockd
sleep 0.3
as audit auditd
as mail 'cat </run/spool >/var/spool/outbox'
as mail mailer
sleep 0.3
as shop shopd
sleep 0.3

as anna 'buyer 100000 20' # two customers who stay
as boris 'buyer 100000 90'
as web customers # and many who do not
as ops watch-log
as ops backup
as ops reports
as ops jobs
