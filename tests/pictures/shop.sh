#!/bin/sh
# What is traced for the pictures of the documents: a small shop that imports orders and publishes its pages.
set -e
mkdir -p pages
cp -r /usr/include/linux/netfilter pages/
i=0
while [ $i -lt 60 ]; do
  echo "INSERT INTO orders VALUES ($i, 'paid');"
  i=$((i + 1))
done >orders.sql
rm -f shop.db
sqlite3 shop.db 'CREATE TABLE orders (number INTEGER, state TEXT)'
sqlite3 shop.db <orders.sql
grep -rl ioctl pages | sort >index.txt
cat /etc/shop.conf shop.conf 2>/dev/null || :
tar -cf - pages index.txt | gzip -1 >pages.tar.gz
rm -r pages
