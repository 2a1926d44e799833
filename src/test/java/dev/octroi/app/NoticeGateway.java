package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.usage.FeedTerms;
import dev.octroi.usage.file.FileImport;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway that sends mail, and a traveller's way to an address and to events. */
final class NoticeGateway implements AutoCloseable {
    private static final Pattern CSRF = Pattern.compile("name=csrf value=\"([^\"]+)\"");
    private static final Pattern CONFIRM = Pattern.compile("https://\\S+(/n/[A-Za-z0-9_-]+)\\?lang=");

    final RunningGateway server;
    private final Path data;
    private int records;

    NoticeGateway(Path data, int smtpPort, String... more) throws Exception {
        this.data = data;
        String[] mail = {
            "public.url=https://octroi.localhost",
            "mail.host=localhost",
            "mail.port=" + smtpPort,
            "mail.from=Shop <notices@shop.example>"
        };
        this.server = new RunningGateway(
                data,
                java.util.stream.Stream.of(mail, more, new String[] {"callback.scheduleScale=0.01"})
                        .flatMap(java.util.Arrays::stream)
                        .toArray(String[]::new));
    }

    /** A subscription whose plan has begun. */
    Traveller order(String language, String zone) throws Exception {
        JsonObject offer = RunningGateway.plan(null);
        offer.getJsonObject("validity").put("start", "on_order");
        String plan = server.reseller(HttpMethod.POST, "/v1/plans", offer, 201).getString("id");
        String id = server.reseller(
                        HttpMethod.POST,
                        "/v1/orders",
                        new JsonObject()
                                .put("planId", plan)
                                .put("quantity", 1)
                                .put("language", language)
                                .put("timeZone", zone),
                        201)
                .getJsonArray("subscriptions")
                .getJsonObject(0)
                .getString("id");
        JsonObject subscription = server.reseller(HttpMethod.GET, "/v1/subscriptions/" + id, null, 200);
        String url = subscription.getString("selfCareUrl");
        return new Traveller(
                "/v1/subscriptions/" + id,
                url.substring(url.indexOf("/s/")),
                subscription.getJsonObject("profile").getString("iccid"),
                language);
    }

    /** Reports what was used, as a partner's file. */
    void use(Traveller traveller, long bytes) throws Exception {
        records++;
        Path file = Files.writeString(
                data.resolve("usage-" + records + ".csv"),
                "id,iccid,end,up,down,plmn\nr" + records + "," + traveller.iccid() + "," + Instant.now() + ",0," + bytes
                        + ",208-01\n");
        try (CommandUsage usage = CommandUsage.open(server.settings())) {
            assertThat(usage.imports()
                            .run(
                                    new FileImport.Source(
                                            new FeedTerms("pgw", 0, List.of()).feed(),
                                            file,
                                            file.resolveSibling(file.getFileName() + ".rejected"),
                                            false,
                                            false),
                                    tally -> {})
                            .toString())
                    .contains("1");
        }
    }

    /** Gives an address, and presses the button that the mail leads to. */
    void confirm(Traveller traveller, String address, Function<String, String> mailTo) throws Exception {
        assertThat(form(traveller, "notices", MultiMap.caseInsensitiveMultiMap().add("address", address)))
                .isEqualTo(303);
        String link = confirmLink(mailTo.apply(address));
        assertThat(server.form(link + "/confirm", MultiMap.caseInsensitiveMultiMap()))
                .isEqualTo(200);
    }

    /** The path of the link in a confirmation. */
    static String confirmLink(String mail) {
        Matcher link = CONFIRM.matcher(mail);
        assertThat(link.find()).as(mail).isTrue();
        return link.group(1);
    }

    /** Sends a form of the traveller's page; gives the status. */
    int form(Traveller traveller, String action, MultiMap fields) throws Exception {
        return server.form(traveller.page() + "/" + action, signed(traveller, fields));
    }

    /** The same; gives the page that answers. */
    String formPage(Traveller traveller, String action, MultiMap fields) throws Exception {
        return server.formPage(traveller.page() + "/" + action, signed(traveller, fields));
    }

    private MultiMap signed(Traveller traveller, MultiMap fields) throws Exception {
        Matcher csrf = CSRF.matcher(page(traveller));
        assertThat(csrf.find()).isTrue();
        return fields.add("csrf", csrf.group(1)).add("lang", traveller.language());
    }

    String page(Traveller traveller) throws Exception {
        return server.page(traveller.page() + "?lang=" + traveller.language());
    }

    /** Adds volume, which is told as no urgent notice. */
    void topUp(Traveller traveller) throws Exception {
        server.reseller(
                HttpMethod.POST, traveller.path() + "/top-ups", new JsonObject().put("bytes", 500_000_000), 201);
    }

    /** Has what waits and is in no hand sent soon, as if it had not been tried yet. */
    void hurry() throws Exception {
        server.execute("UPDATE notice SET attempts = 1, next_at = now()"
                + " WHERE state = 'waiting' AND next_at < now() + interval '1 minute'");
    }

    /** Waits until a query finds this. */
    void awaitRows(String sql, String... expected) {
        await().untilAsserted(() -> assertThat(server.rows(sql)).containsExactly(expected));
    }

    @Override
    public void close() throws Exception {
        server.close();
    }

    /** @param path of the API; @param page of the traveller */
    record Traveller(String path, String page, String iccid, String language) {}
}
