#!/bin/sh
# A small certificate authority for the one connection from a vantage to the centre. Keys are made
# where they are used and never travel; only requests (.csr) and certificates (.crt) do.
#
#   certificates.sh authority                  at the centre, once: ca.key, ca.crt
#   certificates.sh request NAME               on the machine that is to have it: NAME.key, NAME.csr
#   certificates.sh centre NAME HOST           beside ca.key: NAME.crt, for a server at this host name
#   certificates.sh vantage NAME               beside ca.key: NAME.crt, for the vantage of this id
#
# Works in the present directory. A certificate is valid for 397 days; docs/vantages.md has its renewal.
set -eu
umask 077

usage() {
    sed -n '5,8s/^# *//p' "$0" >&2
    exit 2
}

request() { # NAME
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc \
        -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
}

sign() { # NAME EXTENSIONS
    printf '%s\n' "$2" |
        openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -days 397 -extfile /dev/stdin -out "$1.crt"
}

case "${1-}:$#" in
authority:1)
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 3650 \
        -subj "/CN=netwatch vantages" -addext basicConstraints=critical,CA:TRUE,pathlen:0 \
        -addext keyUsage=critical,keyCertSign,cRLSign -keyout ca.key -out ca.crt
    ;;
request:2)
    request "$2"
    ;;
centre:3)
    case "$3" in
    *[!0-9.]*) host=DNS:$3 ;;
    *) host=IP:$3 ;;
    esac
    sign "$2" "subjectAltName=$host
extendedKeyUsage=serverAuth"
    ;;
vantage:2)
    sign "$2" "subjectAltName=DNS:$2
extendedKeyUsage=clientAuth"
    ;;
*)
    usage
    ;;
esac
