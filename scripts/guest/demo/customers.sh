#!/bin/sh
# Customers who buy eight things and leave.
while :; do
	buyer 8 30
	/bin/sleep 0.4
done
