package dev.octroi.web.selfcare;

/** The page's one style element. Its hash is in the page's header fields, so it is the same for everybody. */
final class PageStyle {
    /** Parts of a form that do not belong to what is chosen are hidden where the browser can; elsewhere all are shown. */
    static final String CSS = """
            :root{--go:#0b6b4f;--slow:#8a5a00;--stop:#a3262a}
            *{box-sizing:border-box}body{margin:0;background:#f2f5f7;color:#16202a;font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
            main{max-width:62rem;margin:0 auto;padding:16px;display:grid;gap:16px;grid-template-columns:repeat(auto-fit,minmax(min(19rem,100%),1fr))}
            section{background:#fff;border:1px solid #d9e0e6;border-radius:12px;padding:16px}
            .state,.note,.label,.rules{grid-column:1/-1}.state{border-left:8px solid var(--go)}.slowed{border-left-color:var(--slow)}.suspended,.paused{border-left-color:var(--stop)}
            h1{font-size:1.35rem;line-height:1.35;margin:0 0 4px}h2{font-size:1.05rem;margin:0 0 8px}form+h2{margin-top:20px}p{margin:6px 0}small,.soft,figcaption{color:#51606e}
            .ring{display:flex;gap:16px;align-items:center}.ring svg{width:112px;flex:none}.ring b{font-size:1.4rem}
            svg{width:100%;display:block}svg text{font-size:11px;fill:#51606e}.bar{fill:#2a6f97}.night{fill:#e4e9ed}.axis{stroke:#d9e0e6}
            figure{margin:0 0 12px}table{width:100%;border-collapse:collapse;font-size:.9rem}th,td{vertical-align:top;padding:4px 0;border-bottom:1px solid #d9e0e6}th{overflow-wrap:break-word;text-align:left;font-weight:400;color:#51606e;padding-right:12px}figure td{text-align:right}
            form{margin:8px 0 0}label{display:block;margin:8px 0}input,select{font:inherit;width:100%;padding:9px;border:1px solid #76838f;border-radius:8px;background:#fff}
            [aria-invalid]{border:2px solid var(--stop)}.wrong{color:var(--stop)}
            button,.go{display:inline-block;font:inherit;font-weight:600;margin:6px 8px 0 0;padding:10px 16px;border:0;border-radius:8px;background:#1d4e6b;color:#fff;text-decoration:none;cursor:pointer;overflow-wrap:break-word}
            .quiet{background:#e4e9ed;color:#16202a}.note{background:#e5f3ee;border-radius:8px;padding:8px 12px}.bad{background:#fbe9e9}
            .label th{width:min(7.5rem,40%);word-break:keep-all}@media(min-width:44rem){.label th{width:14rem}}
            .qr{max-width:210px;background:#fff;padding:8px}code{word-break:break-all;font-size:.95rem}nav{float:right}nav a{margin-left:10px;color:#1d4e6b}
            .rules ul{list-style:none;margin:8px 0;padding:0}.rules li{display:flex;gap:12px;align-items:center;justify-content:space-between;padding:8px 0;border-bottom:1px solid #d9e0e6}
            .rules li form{margin:0}.rules li small{display:block}.now{color:var(--slow)}summary{cursor:pointer}.rules summary{font-weight:600;padding:8px 0}.caps td{padding-bottom:12px}.caps form{display:flex;flex-wrap:wrap;gap:0 8px;align-items:end}.caps th{white-space:nowrap}.caps label{flex:1 1 100%}.caps label+label{flex:1 1 8rem}.caps button{margin-bottom:8px}.rules details>form{max-width:40rem}
            fieldset{border:0;padding:0;margin:12px 0}legend{font-weight:600;padding:0}.pick{display:flex;gap:8px;align-items:baseline}.pick input{width:auto}
            .part{display:flex;flex-wrap:wrap;gap:8px;margin:0 0 8px 24px}.part>*{flex:1 1 8rem;margin:0}
            @supports selector(:has(a)){.part{display:none}.by-used:has(:checked)+.part,.by-hours:has(:checked)+.part,.by-place:has(:checked)+.part,.then:has([value=slow]:checked)~.s,.then:has([value=block]:checked)~.b{display:flex}form:has([name=mode]):not(:has([value=low]:checked)) .low,form:has([value=on]:checked) .kind{display:none}form:has(.by-hours :checked,.by-place :checked) .until{display:none}}
            :focus-visible{outline:3px solid #2a6f97;outline-offset:2px}
            """;

    private PageStyle() {}
}
