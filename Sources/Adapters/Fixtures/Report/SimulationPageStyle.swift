/// What the page of `simulate` adds to the style of the status page.
enum SimulationPageStyle {
    static let css = """
        :root{--ringing:#5a9bd8;--waiting:#e0a63c;--talking:#2f9e73;--voicemail:#9277c7;--other:#a7b0bc}
        @media (prefers-color-scheme:dark){:root{--ringing:#4c8fd0;--waiting:#c08a2c;--talking:#2f9a72;--voicemail:#8b70c4;--other:#5d6877}}
        .index{padding:1rem 1.25rem;margin-bottom:1rem}.index ol{list-style:none;margin:0;padding:0;columns:18rem auto;column-gap:2rem}
        .index li{break-inside:avoid;display:flex;gap:.55rem;font-size:.92rem;line-height:1.8}.index a{text-decoration:none;color:inherit}
        .index a:hover{text-decoration:underline}.sign{font-weight:700;flex:none}.good>.sign,.good>summary>.sign{color:var(--good)}.bad>.sign,.bad>summary>.sign{color:var(--bad)}
        .index .bad a{font-weight:650;color:var(--bad)}
        .legend{list-style:none;margin:0 0 1.25rem;padding:0;display:flex;flex-wrap:wrap;gap:.35rem 1.1rem;font-size:.85rem}
        .legend li{display:flex;align-items:center;gap:.4rem}.legend .span{position:static;display:inline-block;width:1.6rem;height:.7rem}
        .legend .pin{position:static;transform:none}
        .fixture{margin:0 0 1rem;overflow:hidden}.fixture.bad{border-color:color-mix(in srgb,var(--bad) 55%,var(--line))}
        summary{cursor:pointer;list-style:none}summary::-webkit-details-marker{display:none}
        .fixture>summary{display:grid;grid-template-columns:auto 1fr auto;gap:.1rem .75rem;align-items:baseline;padding:.9rem 1.25rem}
        .fixture>summary:hover{background:color-mix(in srgb,var(--line) 35%,transparent)}
        .fixture>summary h2{margin:0;font-size:1.02rem;font-weight:650}.fixture>summary .source{font-size:.82rem;color:var(--quiet);white-space:nowrap}
        .fixture>summary p{grid-column:2/-1;font-size:.92rem;color:var(--quiet)}
        .inside{padding:0 1.25rem 1.1rem;scroll-margin-top:4rem}
        .call{border-top:1px solid var(--line);padding-top:.9rem;margin-bottom:1.1rem}.call h3{margin:0 0 .15rem;font-size:.95rem;font-weight:600}
        .call .ends{font-size:.88rem;color:var(--quiet);margin-bottom:.6rem}
        .lanes{display:grid;grid-template-columns:minmax(5.5rem,10rem) 1fr;gap:.3rem .9rem;align-items:center;font-size:.86rem}
        .lanes .who{line-height:1.25;overflow-wrap:anywhere}.lanes .who small{color:var(--quiet);font-size:.92em}
        .track{position:relative;height:1.35rem;border-radius:5px;background:color-mix(in srgb,var(--line) 45%,transparent);min-width:0}
        .span{position:absolute;top:.2rem;bottom:.2rem;border-radius:4px;background:var(--other);min-width:3px;overflow:hidden}
        .span.ringing{background:repeating-linear-gradient(115deg,var(--ringing) 0 7px,color-mix(in srgb,var(--ringing) 62%,var(--card)) 7px 11px)}
        .span.waiting{background:repeating-linear-gradient(65deg,var(--waiting) 0 4px,color-mix(in srgb,var(--waiting) 70%,var(--card)) 4px 8px)}
        .span.talking{background:var(--talking)}.span.voicemail{background:var(--voicemail)}
        .track.pins{background:none;border-top:1px solid var(--line);border-radius:0}
        .pin{position:absolute;transform:translateX(-50%);display:grid;place-items:center;min-width:1.3rem;height:1.3rem;padding:0 .2rem;
        border-radius:99px;font-size:.74rem;font-weight:700;line-height:1;background:var(--accent);color:var(--card);z-index:1}
        .pin.missing{background:var(--card);color:var(--bad);border:2px dashed var(--bad)}.pin.surplus{background:var(--bad)}
        .stem{position:absolute;top:0;width:1px;background:var(--quiet);opacity:.5}
        .axis{position:relative;height:1.1rem;font-size:.75rem;color:var(--quiet);font-variant-numeric:tabular-nums}
        .axis span{position:absolute;transform:translateX(-50%);white-space:nowrap}.axis span:first-child{transform:none}
        .axis span:last-child{transform:translateX(-100%)}
        .told{list-style:none;margin:.7rem 0 0;padding:0;font-size:.88rem}.told li{display:grid;grid-template-columns:1.5rem 4.4rem 6.4rem 1fr;
        gap:.1rem .6rem;align-items:baseline;padding:.28rem .4rem;border-radius:7px}
        .told .pin{position:static;transform:none;justify-self:center}.told .time{text-align:right}.told .event{font-weight:600}
        .told .fields{color:var(--quiet)}.told .fields b{color:var(--text);font-weight:600}
        .told li.missing,.told li.surplus{background:var(--bad-soft)}
        .told li.missing .event::after{content:"missing";display:block;color:var(--bad);font-weight:550;font-size:.85em}
        .told li.surplus .event::after{content:"not expected";display:block;color:var(--bad);font-weight:550;font-size:.85em}
        .told mark{background:none;color:var(--bad);font-weight:700;text-decoration:underline;text-decoration-thickness:2px;text-underline-offset:2px}
        .why{margin-top:.6rem;font-size:.88rem}.why>summary{color:var(--accent);font-weight:550;display:inline-block}
        .why ol{list-style:none;margin:.4rem 0 0;padding:0}.why li{display:grid;grid-template-columns:4.4rem 1fr;gap:.1rem .6rem;padding:.12rem .4rem}
        .why .time{text-align:right}.remark{font-size:.88rem;color:var(--warn);padding:.12rem .4rem}.trouble{color:var(--bad);font-weight:600;margin:.2rem 0 .8rem;font-size:.92rem}
        @media (max-width:36rem){.fixture>summary{padding-inline:1rem;grid-template-columns:auto 1fr}.fixture>summary .source{grid-column:2;grid-row:3}
        .inside{padding-inline:1rem}.lanes{grid-template-columns:4.6rem 1fr;gap:.3rem .6rem;font-size:.8rem}
        .told li{grid-template-columns:1.5rem auto 1fr}.told .fields{grid-column:2/-1}.axis .minor{display:none}}
        @media print{.fixture{break-inside:avoid}.index{display:none}}
        """
}
