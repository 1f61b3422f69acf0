# Thirty percent of the datagrams are lost for two minutes: nobody is taken for dead.
at 0s: start master1
at 0s: start master2
at 30s: loss 30%
at 150s: loss 0%
from 30s
until 160s
----
  30.000 > loss 30%
  32.001 master2 WARN: 2 lost packet(s) for [master1] [37:40]
  32.001 master1 WARN: 2 lost packet(s) for [master2] [37:40]
  32.156 master2 info: No pkts missing from master1!
  32.415 master1 info: No pkts missing from master2!
  35.001 master2 WARN: 1 lost packet(s) for [master1] [41:43]
  35.001 master1 WARN: 2 lost packet(s) for [master2] [40:43]
  35.643 master1 info: No pkts missing from master2!
  36.182 master2 info: No pkts missing from master1!
  37.001 master1 WARN: 1 lost packet(s) for [master2] [43:45]
  37.080 master1 info: No pkts missing from master2!
  40.001 master2 WARN: 4 lost packet(s) for [master1] [43:48]
  40.416 master2 info: No pkts missing from master1!
  42.001 master1 WARN: 1 lost packet(s) for [master2] [48:50]
  42.204 master1 info: No pkts missing from master2!
  45.001 master1 WARN: 1 lost packet(s) for [master2] [51:53]
  45.612 master1 info: No pkts missing from master2!
  51.001 master2 WARN: Late heartbeat: Node master1: interval 4000 ms
  51.001 master2 WARN: 3 lost packet(s) for [master1] [55:59]
  52.095 master2 info: No pkts missing from master1!
  54.001 master1 WARN: 4 lost packet(s) for [master2] [57:62]
  55.207 master1 info: No pkts missing from master2!
  56.001 master2 WARN: 1 lost packet(s) for [master1] [62:64]
  57.001 master1 WARN: 2 lost packet(s) for [master2] [62:65]
  57.236 master2 info: No pkts missing from master1!
  57.683 master1 info: No pkts missing from master2!
  59.001 master2 WARN: 1 lost packet(s) for [master1] [65:67]
  59.833 master2 info: No pkts missing from master1!
  61.001 master2 WARN: 1 lost packet(s) for [master1] [67:69]
  61.001 master1 WARN: 2 lost packet(s) for [master2] [66:69]
  61.460 master2 info: No pkts missing from master1!
  61.697 master1 info: No pkts missing from master2!
  64.001 master1 WARN: 1 lost packet(s) for [master2] [70:72]
  64.001 master2 WARN: 1 lost packet(s) for [master1] [70:72]
  64.167 master1 info: No pkts missing from master2!
  64.568 master2 info: No pkts missing from master1!
  67.001 master1 WARN: 1 lost packet(s) for [master2] [73:75]
  67.158 master1 info: No pkts missing from master2!
  70.001 master2 WARN: 4 lost packet(s) for [master1] [73:78]
  70.657 master2 info: No pkts missing from master1!
  71.001 master1 WARN: 1 lost packet(s) for [master2] [77:79]
  71.573 master1 info: No pkts missing from master2!
  73.001 master1 WARN: 1 lost packet(s) for [master2] [79:81]
  73.367 master1 info: No pkts missing from master2!
  78.001 master2 WARN: 1 lost packet(s) for [master1] [84:86]
  78.692 master2 info: No pkts missing from master1!
  81.001 master1 WARN: 1 lost packet(s) for [master2] [87:89]
  81.126 master1 info: No pkts missing from master2!
  83.001 master1 WARN: 1 lost packet(s) for [master2] [89:91]
  83.102 master1 info: No pkts missing from master2!
  85.001 master2 WARN: 1 lost packet(s) for [master1] [91:93]
  85.408 master2 info: No pkts missing from master1!
  87.001 master1 WARN: 2 lost packet(s) for [master2] [92:95]
  87.943 master1 info: No pkts missing from master2!
  89.001 master2 WARN: 1 lost packet(s) for [master1] [95:97]
  89.601 master2 info: No pkts missing from master1!
  91.001 master1 WARN: 1 lost packet(s) for [master2] [97:99]
  91.126 master1 info: No pkts missing from master2!
  94.001 master1 WARN: 1 lost packet(s) for [master2] [100:102]
  94.397 master1 info: No pkts missing from master2!
  98.001 master2 WARN: 2 lost packet(s) for [master1] [103:106]
  98.001 master1 WARN: 1 lost packet(s) for [master2] [104:106]
  98.226 master1 info: No pkts missing from master2!
  98.964 master2 info: No pkts missing from master1!
 100.001 master2 WARN: 1 lost packet(s) for [master1] [106:108]
 100.999 master2 info: No pkts missing from master1!
 103.001 master1 WARN: 1 lost packet(s) for [master2] [109:111]
 103.905 master1 info: No pkts missing from master2!
 104.001 master2 WARN: 1 lost packet(s) for [master1] [110:112]
 104.722 master2 info: No pkts missing from master1!
 107.001 master1 WARN: 1 lost packet(s) for [master2] [113:115]
 107.627 master1 info: No pkts missing from master2!
 108.001 master2 WARN: 3 lost packet(s) for [master1] [112:116]
 108.837 master2 info: No pkts missing from master1!
 111.001 master1 WARN: 1 lost packet(s) for [master2] [117:119]
 111.497 master1 info: No pkts missing from master2!
 112.001 master2 WARN: 1 lost packet(s) for [master1] [118:120]
 112.585 master2 info: No pkts missing from master1!
 114.001 master1 WARN: 1 lost packet(s) for [master2] [120:122]
 114.241 master1 info: No pkts missing from master2!
 115.001 master2 WARN: 2 lost packet(s) for [master1] [120:123]
 115.158 master2 info: No pkts missing from master1!
 116.001 master1 WARN: 1 lost packet(s) for [master2] [122:124]
 116.414 master1 info: No pkts missing from master2!
 119.001 master2 WARN: 3 lost packet(s) for [master1] [123:127]
 119.364 master2 info: No pkts missing from master1!
 122.001 master1 WARN: 1 lost packet(s) for [master2] [128:130]
 122.814 master1 info: No pkts missing from master2!
 124.001 master2 WARN: 1 lost packet(s) for [master1] [130:132]
 124.639 master2 info: No pkts missing from master1!
 125.001 master1 WARN: 1 lost packet(s) for [master2] [131:133]
 125.231 master1 info: No pkts missing from master2!
 128.001 master1 WARN: 1 lost packet(s) for [master2] [134:136]
 128.438 master1 info: No pkts missing from master2!
 132.001 master2 WARN: 1 lost packet(s) for [master1] [138:140]
 132.198 master2 info: No pkts missing from master1!
 136.001 master1 WARN: 1 lost packet(s) for [master2] [142:144]
 136.372 master1 info: No pkts missing from master2!
 137.001 master2 WARN: 1 lost packet(s) for [master1] [143:145]
 137.146 master2 info: No pkts missing from master1!
 138.001 master1 WARN: 1 lost packet(s) for [master2] [144:146]
 138.314 master1 info: No pkts missing from master2!
 145.001 master2 WARN: 2 lost packet(s) for [master1] [150:153]
 145.680 master2 info: No pkts missing from master1!
 148.001 master2 WARN: 1 lost packet(s) for [master1] [154:156]
 148.719 master2 info: No pkts missing from master1!
 150.000 > loss 0%
 160.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202
