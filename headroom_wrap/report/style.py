"""How the page looks: light and dark by the reader's choice, on paper, and 400 pixels wide."""

STYLE = """
:root{--paper:#fff;--ink:#1b1f24;--soft:#626a73;--line:#dfe3e8;--card:#f6f8fa;
--sent:#4c78c8;--left:#3aa675;--bad:#c62f2f}
@media (prefers-color-scheme:dark){:root{--paper:#14171b;--ink:#e4e7eb;--soft:#98a1ab;
--line:#2c3239;--card:#1c2026;--sent:#6d98e8;--left:#4fc28f;--bad:#ff7b72}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 3rem}
header{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 1rem}
h1{font-size:1.5rem;margin:0}header p{margin:0;color:var(--soft)}
h2{font-size:1rem;margin:2rem 0 .4rem}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;
margin:1.2rem 0}
.cards div{background:var(--card);border:1px solid var(--line);border-radius:8px;
padding:.6rem .8rem}
dt,small{color:var(--soft);font-size:.8rem}dd{margin:0;font-size:1.6rem;font-weight:600;
font-variant-numeric:tabular-nums}
.cards .bad{border-color:var(--bad)}.cards .bad dd{color:var(--bad)}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
.said th{font-weight:400;color:var(--soft);text-align:left;vertical-align:top;
padding:.1rem 1rem .1rem 0}.said td{padding:.1rem 0}
.wide{overflow-x:auto}.wide table{width:100%}
.wide th,.wide td{padding:.25rem .6rem;text-align:right;white-space:nowrap;
border-bottom:1px solid var(--line)}
.wide th:first-child,.wide td:first-child{text-align:left;padding-left:0;font-weight:500;
max-width:22rem;overflow:hidden;text-overflow:ellipsis}
thead th{color:var(--soft);font-weight:400;font-size:.8rem}
figure{margin:2rem 0 0}figcaption{display:flex;flex-wrap:wrap;justify-content:space-between;
gap:.2rem 1rem;font-weight:600}
ul{list-style:none;display:flex;flex-wrap:wrap;gap:0 1rem;margin:0;padding:0;font-weight:400;
color:var(--soft)}
i{display:inline-block;width:.75em;height:.75em;border-radius:2px;margin-right:.35em}
i.sent{background:var(--sent)}i.left{background:var(--left)}
.plot{display:grid;grid-template:11rem/3.6rem minmax(0,1fr);margin-top:.5rem}
.axis{display:flex;flex-direction:column;justify-content:space-between;text-align:right;
padding-right:.5rem;color:var(--soft);font-size:.8rem;line-height:1}
svg{width:100%;height:11rem;border-bottom:1px solid var(--line);border-top:1px dashed var(--line);
overflow:visible}
rect.sent{fill:var(--sent)}rect.left{fill:var(--left)}rect.hit{fill:transparent}
.line{fill:none;stroke:var(--left);stroke-width:2;vector-effect:non-scaling-stroke}
g:hover rect{opacity:.75}
.times{display:flex;justify-content:space-between;margin-left:3.6rem;color:var(--soft);
font-size:.8rem}
@media (max-width:30rem){main{padding:1rem .75rem 2rem}.wide table{font-size:.85rem}
.wide th:first-child{max-width:9rem}
.wide th,.wide td{padding:.25rem .3rem}.cards{grid-template-columns:1fr 1fr}
.requests :is(th,td):is(:nth-child(2),:nth-child(3),:nth-child(6),:nth-child(7),:nth-child(9)),
.results :is(th,td):is(:nth-child(3),:nth-child(7)){display:none}
.said th,.said td{display:block}.said th:empty{display:none}}
@media print{:root{--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--card:#fff;--sent:#4c78c8;
--left:#3aa675;--bad:#b00}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
main{max-width:none;padding:0}figure,section,tr{break-inside:avoid}.wide{overflow:visible}
.wide table{font-size:.75rem}.wide th,.wide td{padding:.2rem .35rem}}
"""
