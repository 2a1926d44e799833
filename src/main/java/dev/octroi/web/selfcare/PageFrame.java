package dev.octroi.web.selfcare;

import dev.octroi.web.Html;
import java.util.Optional;

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

    /**
     * The value of an input and its end, within its label.
     *
     * @param value what was typed when it was refused, else what holds
     * @param wrong the key of why it was refused; empty where it was not
     */
    void value(Html html, String value, Optional<String> wrong) {
        html.raw(" value=\"").text(value).raw("\"");
        wrong.ifPresentOrElse(
                key -> html.raw(" aria-invalid=true autofocus><small class=wrong>")
                        .text(texts.get(key))
                        .raw("</small>"),
                () -> html.raw(">"));
    }

    /**
     * The value of a field and its end, within its label: what was typed, when its form is shown again, else what holds.
     *
     * @param form the last part of the form's address
     * @param name of the field
     * @param holds what holds
     * @param wrongKey the sentence that says what may be wrong with this field
     */
    void value(Html html, FormAnswer answer, String form, String name, String holds, String wrongKey) {
        value(html, answer.sent(form).getOrDefault(name, holds), answer.wrong(form, wrongKey));
    }

    /** A form of one button; the text is a key. */
    void button(Html html, String action, String text, String kind) {
        open(html, action);
        html.raw("<button class=\"").raw(kind).raw("\">").text(texts.get(text)).raw("</button></form>");
    }

    /** A choice in a label that says what it is about; the options' texts are keys with a prefix before their values. */
    void select(Html html, String name, Iterable<String> values, String chosen, String prefix) {
        html.raw("<select name=").raw(name).raw(">");
        options(html, values, chosen, prefix);
    }

    /** A choice below a heading that says what it is about; those who do not see hear the heading, a key, as its name. */
    void select(Html html, String name, String heading, Iterable<String> values, String chosen, String prefix) {
        html.raw("<select name=").raw(name).raw(" aria-label=\"");
        html.text(texts.get(heading)).raw("\">");
        options(html, values, chosen, prefix);
    }

    private void options(Html html, Iterable<String> values, String chosen, String prefix) {
        for (String value : values) {
            html.raw("<option value=").raw(value).raw(value.equals(chosen) ? " selected>" : ">");
            html.text(texts.get(prefix + value));
        }
        html.raw("</select>");
    }
}
