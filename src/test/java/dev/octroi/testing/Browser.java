package dev.octroi.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A headless Chromium, driven over the W3C WebDriver protocol by the chromedriver found on the path. */
public final class Browser implements AutoCloseable {
    private static final Duration PAGE_TURN = Duration.ofSeconds(30);
    private static final Pattern PORT = Pattern.compile("started successfully on port ([0-9]+)");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process driver;
    private final String session;

    private Browser(Process driver, int port, Path profile, int width, int height) throws Exception {
        this.driver = driver;
        JsonArray arguments = new JsonArray();
        Stream.of(
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--user-data-dir=" + profile,
                        "--window-size=" + width + "," + height)
                .forEach(arguments::add);
        JsonObject capabilities = new JsonObject()
                .put("acceptInsecureCerts", true)
                .put("goog:chromeOptions", new JsonObject().put("args", arguments));
        JsonObject created = call(
                "POST",
                "http://127.0.0.1:" + port + "/session",
                new JsonObject().put("capabilities", new JsonObject().put("alwaysMatch", capabilities)));
        this.session = "http://127.0.0.1:" + port + "/session/"
                + created.getJsonObject("value").getString("sessionId");
    }

    /** A browser with a window of this size; empty when this machine has none. */
    public static Optional<Browser> open(Path profile, int width, int height) throws Exception {
        if (find("chromium").isEmpty() || find("chromedriver").isEmpty()) {
            return Optional.empty();
        }
        Process driver = new ProcessBuilder(find("chromedriver").get().toString(), "--port=0")
                .redirectErrorStream(true)
                .start();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        while (line != null) {
            Matcher port = PORT.matcher(line);
            if (port.find()) {
                Thread.ofVirtual().start(() -> lines.lines().forEach(rest -> {}));
                return Optional.of(new Browser(driver, Integer.parseInt(port.group(1)), profile, width, height));
            }
            line = lines.readLine();
        }
        throw new IOException("chromedriver did not start");
    }

    /** Makes the window this large. */
    public void resize(int width, int height) throws Exception {
        call(
                "POST",
                session + "/window/rect",
                new JsonObject().put("width", width).put("height", height));
    }

    /** Shows pages as a screen of this width does, in CSS pixels: a window cannot be as narrow as a phone. */
    public void screen(int width, int height) throws Exception {
        JsonObject metrics = new JsonObject()
                .put("width", width)
                .put("height", height)
                .put("deviceScaleFactor", 1)
                .put("mobile", false);
        call(
                "POST",
                session + "/goog/cdp/execute",
                new JsonObject()
                        .put("cmd", "Emulation.setDeviceMetricsOverride")
                        .put("params", metrics));
    }

    /** What a script gives, as text. */
    public String run(String script) throws Exception {
        JsonObject body = new JsonObject().put("script", script).put("args", new JsonArray());
        return String.valueOf(call("POST", session + "/execute/sync", body).getValue("value"));
    }

    /** Goes to an address and waits until it is loaded. */
    public void go(String url) throws Exception {
        call("POST", session + "/url", new JsonObject().put("url", url));
    }

    /** The text that a person sees in an element. */
    public String text(String css) throws Exception {
        return fresh(() -> call("GET", element(css) + "/text", null).getString("value"));
    }

    /** Empties a field and types into it. */
    public void type(String css, String text) throws Exception {
        fresh(() -> {
            String element = element(css);
            call("POST", element + "/clear", new JsonObject());
            return call("POST", element + "/value", new JsonObject().put("text", text));
        });
    }

    /** Clicks and waits for what follows. */
    public void click(String css) throws Exception {
        fresh(() -> call("POST", element(css) + "/click", new JsonObject()));
    }

    /** Writes a picture of the window. */
    public void screenshot(Path file) throws Exception {
        String png = call("GET", session + "/screenshot", null).getString("value");
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(png));
    }

    @Override
    public void close() throws Exception {
        try {
            call("DELETE", session, null);
        } finally {
            driver.destroy();
            http.close();
        }
    }

    /** Looks again when the page is being replaced: the element is not there yet, or was of the page before. */
    private static <T> T fresh(Callable<T> work) throws Exception {
        long deadline = System.nanoTime() + PAGE_TURN.toNanos();
        while (true) {
            try {
                return work.call();
            } catch (IOException e) {
                String message = String.valueOf(e.getMessage());
                boolean turning = message.contains("stale element reference") || message.contains("no such element");
                if (!turning || System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    private String element(String css) throws Exception {
        JsonObject found = call(
                "POST",
                session + "/element",
                new JsonObject().put("using", "css selector").put("value", css));
        JsonObject value = found.getJsonObject("value");
        return session + "/element/"
                + value.getString(value.fieldNames().iterator().next());
    }

    private JsonObject call(String method, String url, JsonObject body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(60));
        request.method(
                method,
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body.encode()));
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("the browser answered " + response.statusCode() + ": " + response.body());
        }
        return new JsonObject(response.body());
    }

    private static Optional<Path> find(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
