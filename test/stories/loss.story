# Thirty percent of the datagrams are lost for two minutes: nobody is taken for dead.
at 0s: start master1
at 0s: start master2
at 30s: loss 30%
at 150s: loss 0%
from 30s
until 160s
----
  30.000 > loss 30%
  32.001 master1 WARN: 1 lost packet(s) for [master2] [38:40]
  32.165 master1 info: No pkts missing from master2!
  38.001 master1 WARN: 1 lost packet(s) for [master2] [44:46]
  38.704 master1 info: No pkts missing from master2!
  39.001 master2 WARN: 3 lost packet(s) for [master1] [43:47]
  39.182 master2 info: No pkts missing from master1!
  45.001 master2 WARN: 1 lost packet(s) for [master1] [51:53]
  45.189 master2 info: No pkts missing from master1!
  48.001 master1 WARN: 1 lost packet(s) for [master2] [54:56]
  48.393 master1 info: No pkts missing from master2!
  51.001 master2 WARN: 1 lost packet(s) for [master1] [57:59]
  51.416 master2 info: No pkts missing from master1!
  56.001 master1 WARN: 1 lost packet(s) for [master2] [62:64]
  56.603 master1 info: No pkts missing from master2!
  58.001 master1 WARN: 1 lost packet(s) for [master2] [64:66]
  58.330 master1 info: No pkts missing from master2!
  60.001 master2 WARN: 7 lost packet(s) for [master1] [60:68]
  61.001 master1 WARN: 1 lost packet(s) for [master2] [67:69]
  61.204 master1 info: No pkts missing from master2!
  61.333 master2 info: No pkts missing from master1!
  65.001 master2 WARN: 1 lost packet(s) for [master1] [71:73]
  65.210 master2 info: No pkts missing from master1!
  70.001 master2 WARN: 3 lost packet(s) for [master1] [74:78]
  71.318 master2 info: No pkts missing from master1!
  73.001 master2 WARN: 2 lost packet(s) for [master1] [78:81]
  73.157 master2 info: No pkts missing from master1!
  76.001 master1 WARN: 1 lost packet(s) for [master2] [82:84]
  76.112 master1 info: No pkts missing from master2!
  79.001 master1 WARN: 1 lost packet(s) for [master2] [85:87]
  79.171 master1 info: No pkts missing from master2!
  86.001 master2 WARN: 1 lost packet(s) for [master1] [92:94]
  86.192 master2 info: No pkts missing from master1!
  87.001 master1 WARN: 1 lost packet(s) for [master2] [93:95]
  87.102 master1 info: No pkts missing from master2!
  93.001 master2 WARN: 1 lost packet(s) for [master1] [99:101]
  93.158 master2 info: No pkts missing from master1!
  95.001 master1 WARN: 1 lost packet(s) for [master2] [101:103]
  95.081 master1 info: No pkts missing from master2!
  96.001 master2 WARN: 1 lost packet(s) for [master1] [102:104]
  96.101 master2 info: No pkts missing from master1!
 100.001 master2 WARN: 2 lost packet(s) for [master1] [105:108]
 100.654 master2 info: No pkts missing from master1!
 101.001 master1 WARN: 1 lost packet(s) for [master2] [107:109]
 101.207 master1 info: No pkts missing from master2!
 103.001 master1 WARN: 1 lost packet(s) for [master2] [109:111]
 103.433 master1 info: No pkts missing from master2!
 107.001 master2 WARN: 3 lost packet(s) for [master1] [111:115]
 107.999 master2 info: No pkts missing from master1!
 113.001 master2 WARN: 1 lost packet(s) for [master1] [119:121]
 113.349 master2 info: No pkts missing from master1!
 115.001 master2 WARN: 1 lost packet(s) for [master1] [121:123]
 115.587 master2 info: No pkts missing from master1!
 116.001 master1 WARN: 1 lost packet(s) for [master2] [122:124]
 116.354 master1 info: No pkts missing from master2!
 118.001 master2 WARN: 1 lost packet(s) for [master1] [124:126]
 118.085 master2 info: No pkts missing from master1!
 119.001 master1 WARN: 1 lost packet(s) for [master2] [125:127]
 119.209 master1 info: No pkts missing from master2!
 124.001 master1 WARN: 1 lost packet(s) for [master2] [130:132]
 124.001 master2 WARN: 1 lost packet(s) for [master1] [130:132]
 124.158 master2 info: No pkts missing from master1!
 124.697 master1 info: No pkts missing from master2!
 129.001 master2 WARN: 2 lost packet(s) for [master1] [134:137]
 130.114 master2 info: No pkts missing from master1!
 131.001 master2 WARN: 1 lost packet(s) for [master1] [137:139]
 131.074 master2 info: No pkts missing from master1!
 147.001 master1 WARN: 1 lost packet(s) for [master2] [153:155]
 147.167 master1 info: No pkts missing from master2!
 148.001 master2 WARN: 2 lost packet(s) for [master1] [153:156]
 148.416 master2 info: No pkts missing from master1!
 150.000 > loss 0%
 160.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202
