package dev.octroi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;

/** 1: the shop reads catalogue and label, orders twice with one key, and gets code, QR and links. */
final class OrderStep implements Step {
    static final String PLAN = "France 3 GB, 7 days, then 384 kbit/s";

    @Override
    public String name() {
        return "order";
    }

    @Override
    public String play(World world) throws IOException {
        ApiClient shop = world.actors().reseller();
        String planId = Shop.offer(world, Shop.plan(PLAN, 3 * Shop.GB, 7, "on_install", "notify"));
        subscribeWebhook(world);

        JsonNode catalogue = shop.get("/v1/plans").expect(200).json();
        Expect.that(catalogue.toString().contains(PLAN), "the catalogue lists the plan");
        JsonNode label = shop.get("/v1/plans/" + planId + "/label").expect(200).json();
        String hash = label.get("hash").asText();
        Expect.that(label.at("/included/bytes").asLong() == 3 * Shop.GB, "the label says what is included");

        ObjectNode order = Shop.order(world, planId);
        Map<String, String> key = Actors.idempotent("first-order", Shop.next());
        JsonNode first = shop.post("/v1/orders", order, key).expect(201).json();
        ApiClient.Answer second = shop.post("/v1/orders", order, key).expect(201);
        Expect.that(first.equals(second.json()), "the same order sent twice is one order");
        Expect.that(hash.equals(first.get("labelHash").asText()), "the order keeps the label as sold");

        Traveller traveller =
                Shop.traveller(world, first.at("/subscriptions/0/id").asText());
        world.meet("Alice", traveller);
        return "sent twice, one order at " + first.at("/total/amount").asText() + " EUR; label "
                + hash.substring(0, Math.min(15, hash.length())) + "…; " + activation(shop, traveller);
    }

    private static String activation(ApiClient shop, Traveller traveller) throws IOException {
        String path = "/v1/subscriptions/" + traveller.subscriptionId() + "/activation";
        JsonNode activation = shop.get(path).expect(200).json();
        String code = activation.get("code").asText();
        Expect.that(code.startsWith("LPA:1$"), "there is an activation code");
        ApiClient.Answer svg = shop.get(path, Map.of("Accept", "image/svg+xml")).expect(200);
        Expect.that(svg.text().contains("<svg"), "the QR comes as SVG");
        ApiClient.Answer png = shop.get(path, Map.of("Accept", "image/png")).expect(200);
        Expect.that(png.body().length > 8 && png.body()[1] == 'P' && png.body()[2] == 'N', "the QR comes as PNG");
        Expect.that(
                activation.at("/links/ios").asText().startsWith("https://esimsetup.apple.com/")
                        && activation.at("/links/android").asText().startsWith("https://esimsetup.android.com/"),
                "there are install links for iOS and Android");
        return "activation code, QR as SVG (" + svg.body().length + " B) and PNG (" + png.body().length
                + " B), iOS and Android links";
    }

    private static void subscribeWebhook(World world) throws IOException {
        ObjectNode webhook = Actors.object("url", world.receivers().webhookUrl());
        JsonNode registered = world.actors()
                .reseller()
                .post("/v1/webhooks", webhook, Actors.idempotent("webhook", Shop.next()))
                .expect(201)
                .json();
        world.trust(new Signatures(
                registered.get("publicKey").asText(), registered.get("secret").asText()));
    }
}
