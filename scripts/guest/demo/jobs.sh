#!/bin/sh
# Short-lived processes, some of which fail or are killed.
while :; do
	/bin/date >/dev/null
	/bin/true
	/bin/cat /no/such/file 2>/dev/null
	/no/such/program 2>/dev/null
	/bin/sh -c 'kill -TERM $$'
	/bin/sleep 2.5
done
