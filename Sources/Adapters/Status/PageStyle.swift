/// The style of the status page and the login form, in light and dark.
enum PageStyle {
    static let css = """
        :root{color-scheme:light dark;--page:#f5f6f8;--card:#fff;--line:#e3e6eb;--text:#1b2330;--quiet:#5b6675;--accent:#0f5fa8;
        --good:#0b6e4f;--good-soft:#e3f3ec;--warn:#8a5200;--warn-soft:#fdf0d9;--bad:#b3261e;--bad-soft:#fce8e6;--bar:#3d83c4;
        --shadow:0 1px 2px rgb(20 30 50/.05),0 4px 16px rgb(20 30 50/.04)}
        @media (prefers-color-scheme:dark){:root{--page:#11151b;--card:#191f27;--line:#2a323d;--text:#e8ecf1;--quiet:#9aa6b5;
        --accent:#7db8ee;--good:#62cfa4;--good-soft:#14322a;--warn:#f0b657;--warn-soft:#36290f;--bad:#ff8f85;--bad-soft:#3d1d1b;
        --bar:#4f9be0;--shadow:none}}
        *{box-sizing:border-box}[hidden]{display:none!important}
        body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
        -webkit-text-size-adjust:100%;overflow-wrap:anywhere}
        main{max-width:58rem;margin:0 auto;padding:2.5rem 1.25rem 3rem}
        h1{font-size:1.6rem;line-height:1.2;font-weight:650;letter-spacing:-.015em;margin:0;white-space:nowrap}
        h2{font-size:.95rem;font-weight:600;margin:2.25rem 0 .7rem;letter-spacing:.005em}
        p{margin:0}a{color:var(--accent)}code{font:.88em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
        .quiet{color:var(--quiet)}main{transition:opacity .2s}.stale .card{opacity:.6}.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        .top{display:flex;justify-content:space-between;align-items:flex-start;gap:1rem;flex-wrap:wrap;margin-bottom:1.75rem}
        .arrow{width:1.5em;height:.75em;fill:none;stroke:var(--accent);stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
        .card{background:var(--card);border:1px solid var(--line);border-radius:14px;box-shadow:var(--shadow)}
        .note{padding:1rem 1.25rem;margin-bottom:1rem;background:var(--warn-soft);border-radius:12px}
        .banner{position:sticky;top:0;z-index:2;padding:.65rem 1.25rem;text-align:center;background:var(--warn-soft);color:var(--warn);
        border-bottom:1px solid var(--line);font-weight:550}
        .pill{display:inline-flex;align-items:center;gap:.5rem;padding:.4rem .95rem .4rem .5rem;border-radius:99px;font-weight:600;
        font-size:.95rem;background:var(--line)}
        .mark{display:inline-grid;place-items:center;flex:none;width:1.5rem;height:1.5rem;border-radius:50%;font-size:.85rem;
        font-weight:700;line-height:1;background:var(--quiet);color:var(--card)}
        .good .mark{background:var(--good)}.warn .mark{background:var(--warn)}.bad .mark{background:var(--bad)}
        .pill.good{background:var(--good-soft);color:var(--good)}.pill.warn{background:var(--warn-soft);color:var(--warn)}
        .pill.bad{background:var(--bad-soft);color:var(--bad)}
        .sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:1rem}
        .side{padding:1.1rem 1.25rem 1.2rem;display:grid;grid-template-columns:auto 1fr;column-gap:.85rem;align-content:start;
        min-height:6.5rem}
        .side>*{grid-column:2}.side>.mark{grid-column:1;grid-row:1/span 2;margin-top:.1rem;width:1.75rem;height:1.75rem;font-size:1rem}
        .side .name{font-size:.85rem;color:var(--quiet);font-weight:550}.side .words{font-weight:600;line-height:1.35}
        .side .since{font-size:.875rem;color:var(--quiet);margin-top:.25rem}
        .side .why{font-size:.9rem;margin-top:.6rem}.side .todo{font-size:.9rem;margin-top:.45rem;padding:.5rem .75rem;
        border-radius:9px;background:var(--bad-soft)}.side.warn .todo{background:var(--warn-soft)}
        .side.bad{border-color:color-mix(in srgb,var(--bad) 45%,var(--line))}
        .side.warn{border-color:color-mix(in srgb,var(--warn) 45%,var(--line))}
        .count{color:var(--quiet);font-weight:500}
        .row{display:grid;grid-template-columns:7.25rem 1fr auto;gap:.15rem 1rem;align-items:center;padding:.8rem 1.25rem;
        border-top:1px solid var(--line)}.row:first-child{border-top:0}
        .state{display:inline-flex;align-items:center;gap:.5rem;font-weight:600;font-size:.92rem}
        .state svg{width:1.05rem;height:1.05rem;flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;
        stroke-linejoin:round}
        .state.ringing{color:var(--accent)}.state.waiting{color:var(--warn)}.state.talking{color:var(--good)}
        .state.voicemail,.state.ending{color:var(--quiet)}
        .who strong{font-weight:600}.who .to{color:var(--quiet)}
        .time{font-variant-numeric:tabular-nums;color:var(--quiet);white-space:nowrap;font-size:.92rem}
        .empty{padding:1.35rem 1.25rem;color:var(--quiet)}
        .watched{align-items:start}.chips{display:flex;flex-wrap:wrap;gap:.35rem .45rem;grid-column:2/-1}.chip{padding:.1rem .6rem;border-radius:99px;
        background:var(--page);border:1px solid var(--line);font-size:.9rem}.chip b{font-weight:600;font-variant-numeric:tabular-nums}
        .chips details{flex-basis:100%}.chips summary{cursor:pointer;color:var(--accent);font-size:.9rem;margin-bottom:.35rem}
        .rest{padding:.1rem 1.25rem .9rem;color:var(--quiet);font-size:.9rem}
        .more{display:block;width:100%;padding:.8rem;border:0;border-top:1px solid var(--line);border-radius:0 0 14px 14px;background:none;
        font:inherit;font-size:.92rem;font-weight:550;color:var(--accent);cursor:pointer}.more:hover{background:var(--page)}
        .numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.5rem,1fr));gap:1rem;margin:0;padding:1.15rem 1.25rem}
        .numbers dt{font-size:.85rem;color:var(--quiet)}.numbers dd{margin:0;font-size:1.45rem;font-weight:600;line-height:1.3;
        font-variant-numeric:tabular-nums;letter-spacing:-.01em}.numbers .alarm dd{color:var(--bad)}.numbers .alarm dt{color:var(--bad)}
        .numbers .busy dd{color:var(--warn)}
        .sub{padding:.8rem 1.25rem .3rem;border-top:1px solid var(--line);font-size:.85rem;font-weight:600;color:var(--quiet)}
        .sub+.row{border-top:0}.row.event{grid-template-columns:1fr auto}.row .reason{grid-column:1/-1;font-size:.9rem;color:var(--quiet)}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:.5rem 2.5rem;
        padding:1.1rem 1.25rem 1rem}
        figure{margin:0}.chart{position:relative}.scale.middle{position:absolute;left:0;top:3rem}figcaption{display:flex;justify-content:space-between;gap:1rem;font-size:.9rem;margin-bottom:.35rem}
        .chart svg{display:block;width:100%;height:6rem;overflow:visible}.chart .bar{fill:var(--bar)}
        .chart .longest{fill:var(--bar);opacity:.38}.chart line{stroke:var(--line);stroke-width:1;vector-effect:non-scaling-stroke}.chart .grid{stroke-dasharray:2 5}
        .scale{font-size:.75rem;color:var(--quiet);line-height:1.5;font-variant-numeric:tabular-nums}
        .feet{display:flex;justify-content:space-between;margin-top:.2rem}
        .decision{grid-template-columns:4.75rem 1fr;align-items:baseline;padding-block:.6rem}.decision .why{color:var(--quiet);font-size:.875rem}
        .decision.ignored .words{color:var(--quiet)}
        footer{margin-top:2rem;font-size:.85rem;text-align:center}
        .login{max-width:25rem;margin:12vh auto 0;padding:0 1.25rem}.login .card{padding:1.75rem;margin-top:1.5rem}
        .login label{display:block;font-weight:600;margin-bottom:.4rem}.login input{width:100%;font:inherit;padding:.6rem .75rem;
        border:1px solid var(--quiet);border-radius:9px;background:var(--page);color:var(--text)}
        .login button{width:100%;margin-top:1rem;font:inherit;font-weight:600;padding:.65rem;border:0;border-radius:9px;
        background:var(--accent);color:var(--card);cursor:pointer}.login .quiet{font-size:.9rem;margin-top:1rem}
        .login .wrong{margin-bottom:1rem;padding:.6rem .8rem;border-radius:9px;background:var(--bad-soft);color:var(--bad);font-weight:550}
        :focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        @media (max-width:36rem){main{padding-top:1.5rem}h1{font-size:1.4rem}.top{margin-bottom:1.25rem}
        .row{grid-template-columns:1fr auto;padding-inline:1rem}.row .who{grid-column:1/-1;grid-row:2}.row.event .who{grid-column:1;grid-row:1}
        .chips{grid-column:1/-1;grid-row:2}
        .decision{grid-template-columns:4.25rem 1fr;gap:.15rem .6rem}.side,.charts,.numbers,.empty,.rest,.sub{padding-inline:1rem}.charts{row-gap:1.1rem}
        .numbers{grid-template-columns:1fr 1fr}}
        """
}
