package dev.octroi.catalog;

import java.util.Locale;

/** A tariff label as one small HTML page, without scripts and without anything to fetch. */
public final class LabelPage {
    private LabelPage() {}

    /** The page in a language. */
    public static String html(Plan plan, Locale locale) {
        StringBuilder page = new StringBuilder(4096);
        page.append("<!doctype html>\n<html lang=\"")
                .append(escape(locale.getLanguage()))
                .append("\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>")
                .append(escape(plan.offer().name()))
                .append("</title></head>\n<body><main><h1>")
                .append(escape(plan.offer().name()))
                .append("</h1>\n<dl>\n");
        for (LabelLine line : LabelText.lines(plan.offer(), locale)) {
            page.append("<dt>")
                    .append(escape(line.title()))
                    .append("</dt><dd>")
                    .append(escape(line.text()))
                    .append("</dd>\n");
        }
        return page.append("</dl>\n<p><small>v")
                .append(plan.version())
                .append(" · <code>")
                .append(escape(plan.label().hash()))
                .append("</code></small></p></main></body></html>\n")
                .toString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
