/// How the page looks: on a phone, on a wide screen, in the dark, on A4.
///
/// The colours of lines and stages are those of Okabe and Ito, darkened or lightened for contrast,
/// which the colour-blind can tell apart; dashes, marks and letters tell the same without colour.
let styleSheet: StaticString = """

  :root{color-scheme:light dark;--ink:#16191d;--paper:#fff;--faint:#4c5661;--rule:#c7ced6;
  --soft:#eef1f4;--c0:#16191d;--c1:#0063a6;--c2:#bf4a00;--c3:#00785a;--c4:#a33f78;--c5:#7a5c00;
  --gain:#0072b2;--loss:#d55e00;
  --s0:#9fd0ee;--s1:#f5c56b;--s2:#8fd9bf;--s3:#f3ea8d;--s4:#e7b5d0;--s5:#f0a878;--s6:#c9cfd6;--s7:#b3b9f0}
  @media screen and (prefers-color-scheme:dark){:root{--ink:#e8ebee;--paper:#14171a;--faint:#aab4be;
  --rule:#3d454d;--soft:#20252a;--c0:#e8ebee;--c1:#63b8ec;--c2:#ff9557;--c3:#3fd0a6;--c4:#eb9fc9;
  --c5:#e3c34b;--gain:#4aa8dd;--loss:#f08040;
  --s0:#2c6f96;--s1:#8d6514;--s2:#22765a;--s3:#77701c;--s4:#8c4a6d;--s5:#95531f;--s6:#565e66;--s7:#4d53a0}}
  *{box-sizing:border-box}
  body{margin:0;background:var(--paper);color:var(--ink);line-height:1.5;font-size:1rem;
  font-family:system-ui,-apple-system,"Segoe UI","Noto Sans","Noto Sans SC","Noto Sans CJK SC",
  "Source Han Sans SC","PingFang SC","Microsoft YaHei","WenQuanYi Micro Hei",sans-serif}
  main{max-width:80rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
  h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0}
  h2{font-size:1.25rem;margin:2rem 0 .5rem;padding-top:.5rem;border-top:2px solid var(--ink)}
  h3{font-size:1rem;margin:1.25rem 0 .5rem}
  p,li{max-width:46rem}
  p{margin:.5rem 0}
  ul{padding-left:1.2rem;margin:.5rem 0}
  .lead{font-size:1.15rem;font-weight:600}
  .facts{list-style:none;padding:0;color:var(--faint)}
  .facts li{display:inline-block;margin-right:1.25rem}
  .links li{margin-right:.6rem}
  a{color:inherit}
  .key{list-style:none;padding:0;margin:.5rem 0;display:flex;flex-wrap:wrap;gap:.25rem 1rem}
  .key li{display:flex;align-items:center;gap:.4rem}
  .key svg{width:2.3rem;height:1rem;flex:none}
  .gallery{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,19rem),1fr));
  gap:1rem;align-items:start}
  figure{margin:0;break-inside:avoid;min-width:0}
  figcaption{font-size:.9rem;margin-bottom:.25rem}
  figure>svg{display:block;width:100%;max-width:34rem;height:auto}
  summary{font-size:.85rem;color:var(--faint);cursor:pointer}
  .scroll{overflow-x:auto}
  table{border-collapse:collapse;font-size:.85rem;font-variant-numeric:tabular-nums;margin:.5rem 0}
  caption{text-align:left;color:var(--faint);padding-bottom:.25rem}
  th,td{padding:.2rem .45rem;border-bottom:1px solid var(--rule);text-align:right;vertical-align:top;
  overflow-wrap:normal;word-break:keep-all}
  th[scope=row]{text-align:left;font-weight:400;position:sticky;left:0;background:var(--paper)}
  thead th{border-bottom:1px solid var(--ink);vertical-align:bottom}
  td.los{white-space:nowrap}
  td.losE,td.losF{font-weight:700}
  td.los span+span::before{content:"· "}
  @media screen and (max-width:40rem){td.los span{display:block}td.los span+span::before{content:none}th,td{padding:.2rem .22rem}table{font-size:.78rem}}
  svg{font-family:inherit}
  .t{font-size:10px;fill:var(--ink)}
  .t.f{fill:var(--faint)}
  .t.n{font-weight:600}
  .t.on{font-size:9px}
  .grid{stroke:var(--rule);stroke-width:.6}
  .axis{stroke:var(--ink);stroke-width:.8}
  .unscored{fill:var(--soft)}
  .line{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}
  .c0{stroke:var(--c0)}
  .c1{stroke:var(--c1);stroke-dasharray:7 3}
  .c2{stroke:var(--c2);stroke-dasharray:2 3}
  .c3{stroke:var(--c3);stroke-dasharray:8 3 2 3}
  .c4{stroke:var(--c4)}
  .c5{stroke:var(--c5);stroke-dasharray:4 4}
  .f0{fill:var(--c0)}.f1{fill:var(--c1)}.f2{fill:var(--c2)}.f3{fill:var(--c3)}
  .ring{fill:var(--paper);stroke-width:1.3}
  .r4{stroke:var(--c4)}.r5{stroke:var(--c5)}
  .gain{fill:var(--gain)}
  .loss{fill:var(--loss)}
  .whisker{stroke:var(--ink);stroke-width:1}
  .seed{fill:var(--paper);stroke:var(--ink);stroke-width:.8}
  .stage{stroke:var(--paper);stroke-width:.5}
  .s0{fill:var(--s0)}.s1{fill:var(--s1)}.s2{fill:var(--s2)}.s3{fill:var(--s3)}
  .s4{fill:var(--s4)}.s5{fill:var(--s5)}.s6{fill:var(--s6)}.s7{fill:var(--s7)}
  .green{fill:var(--c3)}
  .red{stroke:var(--c2);stroke-width:1}
  .band{fill:var(--c1);opacity:.25}
  .come{fill:var(--faint)}
  @page{size:A4;margin:14mm}
  @media print{body{font-size:9.5pt}main{max-width:none;padding:0}.gallery{
  grid-template-columns:repeat(2,1fr)}h2,h3,.key,h3+p{break-after:avoid}details{display:none}
  .scroll{overflow:visible}table{font-size:8pt}tr{break-inside:avoid}
  *{-webkit-print-color-adjust:exact;print-color-adjust:exact}}

  """
