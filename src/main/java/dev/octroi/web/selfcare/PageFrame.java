package dev.octroi.web.selfcare;

import dev.octroi.web.Html;

/**
 * What the sections of the page share: its words, and how its forms begin.
 *
 * @param texts the page's language
 * @param path of the magic link, where forms go
 * @param csrf bound to the link; every form carries it
 */
record PageFrame(Texts texts, String path, String csrf) {
    /** Everything before the page's body. */
    static void head(Html html, Texts texts) {
        html.raw("<!doctype html><html lang=").raw(texts.locale().getLanguage());
        html.raw("><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\"><title>")
                .text(texts.get("title"))
                .raw("</title><style>")
                .raw(PageStyle.CSS)
                .raw("</style>");
    }

    /** Opens a form; whoever opened it closes it. */
    void open(Html html, String action) {
        html.raw("<form method=post action=\"")
                .text(path + "/" + action)
                .raw("\"><input type=hidden name=csrf value=\"");
        html.text(csrf).raw("\"><input type=hidden name=lang value=");
        html.raw(texts.locale().getLanguage()).raw(">");
    }

    /** A form of one button; the text is a key. */
    void button(Html html, String action, String text, String kind) {
        open(html, action);
        html.raw("<button class=\"").raw(kind).raw("\">").text(texts.get(text)).raw("</button></form>");
    }

    /** A choice; the options' texts are keys with a prefix before their values. */
    void select(Html html, String name, Iterable<String> values, String chosen, String prefix) {
        html.raw("<select name=").raw(name).raw(">");
        for (String value : values) {
            html.raw("<option value=").raw(value).raw(value.equals(chosen) ? " selected>" : ">");
            html.text(texts.get(prefix + value));
        }
        html.raw("</select>");
    }
}
