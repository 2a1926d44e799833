package dev.octroi.web.console;

import static java.util.Objects.requireNonNull;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The two scripts of the console, from our own origin: uPlot as it comes in its web jar, and what draws with it. */
final class ConsoleAssets {
    static final String PATH = "/console/assets/";
    static final String UPLOT = "uPlot.js";
    static final String BAND = "band.js";

    /** What uPlot's style sheet says, as far as one chart needs it; part of the page's one style element. */
    static final String STYLE = """
            .uplot,.uplot *{box-sizing:border-box}.uplot{line-height:1.5;width:min-content}
            .u-wrap{position:relative;user-select:none}.u-over,.u-under{position:absolute}.u-under{overflow:hidden}
            .uplot canvas{display:block;position:relative;width:100%;height:100%}.u-axis{position:absolute}
            .u-legend{font-size:13px;margin:8px auto 0;text-align:center;width:auto}.u-legend tr,.u-legend td,.u-legend th{display:inline-block;border:0;padding:2px 6px}.u-legend th>*{display:inline-block;vertical-align:middle}
            .u-inline.u-live th::after{content:":"}.u-legend .u-marker{width:1em;height:1em;margin-right:4px;display:inline-block;vertical-align:middle}
            .u-select{background:rgba(0,0,0,.07);position:absolute;pointer-events:none}
            .u-cursor-x,.u-cursor-y{position:absolute;left:0;top:0;pointer-events:none;will-change:transform}
            .u-hz .u-cursor-x,.u-vt .u-cursor-y{height:100%;border-right:1px dashed #607d8b}.u-hz .u-cursor-y,.u-vt .u-cursor-x{width:100%;border-bottom:1px dashed #607d8b}
            .u-cursor-pt{position:absolute;top:0;left:0;border-radius:50%;pointer-events:none}
            .u-axis.u-off,.u-select.u-off,.u-cursor-x.u-off,.u-cursor-y.u-off,.u-cursor-pt.u-off{display:none}
            """;

    private static final String JAR = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";

    private ConsoleAssets() {}

    /** Adds the scripts to a router. Reads about 50 kB from the class path: at start only. */
    static void mount(Router router) {
        serve(router, UPLOT, read("/META-INF/resources/webjars/uplot/" + version() + "/dist/uPlot.iife.min.js"));
        serve(router, BAND, read("/dev/octroi/web/console/" + BAND));
    }

    private static void serve(Router router, String name, byte[] script) {
        Buffer body = Buffer.buffer(script);
        router.get(PATH + name)
                .handler(ctx -> ctx.response()
                        .putHeader("Content-Type", "text/javascript; charset=utf-8")
                        .putHeader("Cache-Control", "public, max-age=3600")
                        .putHeader("X-Content-Type-Options", "nosniff")
                        .end(body));
    }

    private static String version() {
        try (InputStream in = open(JAR)) {
            Properties properties = new Properties();
            properties.load(in);
            return requireNonNull(properties.getProperty("version"), "uPlot has no version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(String resource) {
        try (InputStream in = open(resource)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String resource) {
        return requireNonNull(
                ConsoleAssets.class.getResourceAsStream(resource), () -> "not on the class path: " + resource);
    }
}
