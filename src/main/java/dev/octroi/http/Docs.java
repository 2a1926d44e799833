package dev.octroi.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The contracts for people and tools: {@code /openapi/{name}.yaml}, and Swagger UI over all of them at {@code /docs}.
 * Everything comes from this server; the page asks no validator and no other host.
 */
public final class Docs {

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            + "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> ASSETS = Map.of(
            "swagger-ui.css", "text/css; charset=utf-8",
            "swagger-ui-bundle.js", "text/javascript; charset=utf-8",
            "swagger-ui-standalone-preset.js", "text/javascript; charset=utf-8",
            "favicon-32x32.png", "image/png");

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Octroi APIs</title>
            <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
            <link rel="stylesheet" href="/docs/swagger-ui.css">
            </head>
            <body>
            <div id="swagger-ui"></div>
            <script src="/docs/swagger-ui-bundle.js"></script>
            <script src="/docs/swagger-ui-standalone-preset.js"></script>
            <script src="/docs/start.js"></script>
            </body>
            </html>
            """;

    private Docs() {}

    /** Adds the page, its assets and the contracts to a router. Reads about 2 MB from the class path: at start only. */
    public static void mount(Router router, List<Contract> contracts) {
        for (Contract contract : contracts) {
            Buffer yaml = Buffer.buffer(contract.toYaml());
            router.get("/openapi/" + contract.name() + ".yaml")
                    .handler(ctx -> send(ctx, "application/yaml; charset=utf-8", yaml));
        }
        Buffer page = Buffer.buffer(PAGE);
        router.get("/docs").handler(ctx -> send(ctx, "text/html; charset=utf-8", page));
        Buffer start = Buffer.buffer(startScript(contracts));
        router.get("/docs/start.js").handler(ctx -> send(ctx, "text/javascript; charset=utf-8", start));
        String folder = "/META-INF/resources/webjars/swagger-ui/" + version() + "/";
        ASSETS.forEach((name, mediaType) -> {
            Buffer bytes = Buffer.buffer(read(folder + name));
            router.get("/docs/" + name).handler(ctx -> send(ctx, mediaType, bytes));
        });
    }

    private static String startScript(List<Contract> contracts) {
        JsonArray urls = new JsonArray();
        contracts.forEach(contract -> urls.add(new JsonObject()
                .put("name", contract.document().getJsonObject("info").getString("title"))
                .put("url", "/openapi/" + contract.name() + ".yaml")));
        return """
                "use strict";
                window.ui = SwaggerUIBundle({
                  urls: %s,
                  dom_id: "#swagger-ui",
                  deepLinking: true,
                  validatorUrl: null,
                  queryConfigEnabled: false,
                  persistAuthorization: false,
                  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
                  layout: "StandaloneLayout"
                });
                """.formatted(urls.encode());
    }

    private static void send(RoutingContext ctx, String mediaType, Buffer body) {
        HttpServerResponse response = ctx.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, mediaType)
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader(HttpHeaders.CACHE_CONTROL, "public, max-age=3600");
        SlicedBody.send(response, body);
    }

    private static String version() {
        try (InputStream in = open("/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return requireNonNull(properties.getProperty("version"), "swagger-ui has no version");
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
        return requireNonNull(Docs.class.getResourceAsStream(resource), () -> "not on the class path: " + resource);
    }
}
