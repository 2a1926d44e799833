package dev.octroi.callback.connector;

import dev.octroi.callback.connector.Connector.CamaraQod;
import dev.octroi.callback.connector.Connector.ClientCredentials;
import dev.octroi.callback.connector.Connector.Radius;
import dev.octroi.callback.connector.Connector.SignedHttp;
import dev.octroi.callback.connector.Connector.ThreeGpp;
import dev.octroi.callback.connector.Connector.Trust;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Connectors as the admin API and the database have them. Secrets are no part of it. */
public final class ConnectorJson {
    /** The one member that is taken but never shown: {@code oauth.clientSecret}. */
    public static final String CLIENT_SECRET = "clientSecret";

    private static final Set<String> SIGNED_HTTP = Set.of("kind", "url", "stateUrl");
    private static final Set<String> RADIUS = Set.of("kind", "url");
    private static final Set<String> THREE_GPP = Set.of("kind");
    private static final Set<String> CAMARA_QOD = Set.of(
            "kind",
            "apiRoot",
            "trust",
            "device",
            "speeds",
            "backgroundBlocked",
            "suspendedData",
            "suspendedAll",
            "oauth",
            "fallback");

    private ConnectorJson() {}

    /**
     * Reads a connector whose members have the types of the contract.
     *
     * @throws ConnectorRefusedException when it does not make sense
     */
    public static Connector read(JsonObject json) {
        return read(json, "");
    }

    private static Connector read(JsonObject json, String at) {
        String kind = json.getString("kind", "");
        return switch (kind) {
            case SignedHttp.KIND -> signedHttp(only(json, SIGNED_HTTP, kind, at), at);
            case Radius.KIND -> radius(only(json, RADIUS, kind, at), at);
            case ThreeGpp.KIND -> {
                only(json, THREE_GPP, kind, at);
                yield new ThreeGpp();
            }
            case CamaraQod.KIND -> camara(only(json, CAMARA_QOD, kind, at), at);
            default -> throw new ConnectorRefusedException(at + "/kind", "There is no such kind of connector");
        };
    }

    /** The connector without its secrets. */
    public static JsonObject write(Connector connector) {
        JsonObject json = new JsonObject().put("kind", connector.kind());
        switch (connector) {
            case SignedHttp http -> {
                json.put("url", http.url().toString());
                http.stateUrl().ifPresent(url -> json.put("stateUrl", url));
            }
            case Radius radius -> json.put("url", radius.address().text());
            case ThreeGpp threeGpp -> {}
            case CamaraQod camara -> write(camara, json);
        }
        return json;
    }

    private static void write(CamaraQod camara, JsonObject json) {
        JsonArray speeds = new JsonArray();
        camara.profiles()
                .speeds()
                .forEach(speed -> speeds.add(
                        new JsonObject().put("kbpsDown", speed.kbpsDown()).put("qosProfile", speed.qosProfile())));
        json.put("apiRoot", camara.apiRoot().toString())
                .put("trust", word(camara.trust()))
                .put(
                        "device",
                        new JsonObject()
                                .put("by", word(camara.device().by()))
                                .put("realm", camara.device().realm()))
                .put("speeds", speeds);
        camara.profiles().backgroundBlocked().ifPresent(name -> json.put("backgroundBlocked", name));
        camara.profiles().suspendedData().ifPresent(name -> json.put("suspendedData", name));
        camara.profiles().suspendedAll().ifPresent(name -> json.put("suspendedAll", name));
        camara.oauth().ifPresent(oauth -> {
            JsonObject credentials = new JsonObject()
                    .put("tokenUrl", oauth.tokenUrl().toString())
                    .put("clientId", oauth.clientId());
            oauth.scope().ifPresent(scope -> credentials.put("scope", scope));
            json.put("oauth", credentials);
        });
        camara.fallback().ifPresent(other -> json.put("fallback", write(other)));
    }

    private static Connector signedHttp(JsonObject json, String at) {
        String stateUrl = json.getString("stateUrl");
        if (stateUrl != null) {
            if (!stateUrl.contains(SignedHttp.SUBSCRIPTION)) {
                throw new ConnectorRefusedException(at + "/stateUrl", "It has to contain {subscription}");
            }
            ConnectorAddress.https(stateUrl.replace(SignedHttp.SUBSCRIPTION, "sub_0"), at + "/stateUrl");
        }
        return new SignedHttp(
                ConnectorAddress.https(text(json, "url", at), at + "/url"), Optional.ofNullable(stateUrl));
    }

    private static Connector radius(JsonObject json, String at) {
        return RadiusAddress.read(text(json, "url", at))
                .<Connector>map(Radius::new)
                .orElseThrow(() -> new ConnectorRefusedException(
                        at + "/url", "It has to be radius:// with an address in numbers, and a port if not 3799"));
    }

    private static Connector camara(JsonObject json, String at) {
        JsonObject device = object(json, "device", at);
        JsonObject fallback = json.getJsonObject("fallback");
        Optional<Connector> other = fallback == null ? Optional.empty() : Optional.of(read(fallback, at + "/fallback"));
        if (other.isPresent() && !(other.get() instanceof SignedHttp || other.get() instanceof Radius)) {
            throw new ConnectorRefusedException(at + "/fallback/kind", "A fallback is signed_http or radius");
        }
        Trust trust = Trust.valueOf(json.getString("trust", "public").toUpperCase(Locale.ROOT));
        return new CamaraQod(
                root(
                        ConnectorAddress.https(text(json, "apiRoot", at), trust, at + "/apiRoot")
                                .toString(),
                        at),
                trust,
                new QosDevice(
                        QosDevice.By.valueOf(text(device, "by", at + "/device").toUpperCase(Locale.ROOT)),
                        text(device, "realm", at + "/device")),
                new QosProfiles(
                        speeds(json.getJsonArray("speeds", new JsonArray()), at),
                        Optional.ofNullable(json.getString("backgroundBlocked")),
                        Optional.ofNullable(json.getString("suspendedData")),
                        Optional.ofNullable(json.getString("suspendedAll"))),
                Optional.ofNullable(json.getJsonObject("oauth")).map(oauth -> oauth(oauth, trust, at + "/oauth")),
                other);
    }

    /** Without the slash at its end, so that paths can be added. */
    private static java.net.URI root(String url, String at) {
        if (url.indexOf('?') >= 0) {
            throw new ConnectorRefusedException(at + "/apiRoot", "It has no query");
        }
        return java.net.URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
    }

    private static List<QosProfiles.Speed> speeds(JsonArray array, String at) {
        List<QosProfiles.Speed> speeds = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            JsonObject speed = array.getJsonObject(i);
            String place = at + "/speeds/" + i;
            Integer kbpsDown = speed.getInteger("kbpsDown");
            if (kbpsDown == null) {
                throw new ConnectorRefusedException(place + "/kbpsDown", "It is missing");
            }
            if (speeds.stream().anyMatch(other -> other.kbpsDown() == kbpsDown)) {
                throw new ConnectorRefusedException(place + "/kbpsDown", "This speed is there already");
            }
            speeds.add(new QosProfiles.Speed(kbpsDown, text(speed, "qosProfile", place)));
        }
        return speeds;
    }

    private static ClientCredentials oauth(JsonObject json, Trust trust, String at) {
        return new ClientCredentials(
                ConnectorAddress.https(text(json, "tokenUrl", at), trust, at + "/tokenUrl"),
                text(json, "clientId", at),
                Optional.ofNullable(json.getString("scope")));
    }

    private static JsonObject only(JsonObject json, Set<String> members, String kind, String at) {
        for (String name : json.fieldNames()) {
            if (!members.contains(name)) {
                throw new ConnectorRefusedException(
                        at + "/" + name, "A connector of kind " + kind + " has no such member");
            }
        }
        return json;
    }

    private static JsonObject object(JsonObject json, String name, String at) {
        JsonObject member = json.getJsonObject(name);
        if (member == null) {
            throw new ConnectorRefusedException(at + "/" + name, "It is missing");
        }
        return member;
    }

    private static String text(JsonObject json, String name, String at) {
        String member = json.getString(name);
        if (member == null) {
            throw new ConnectorRefusedException(at + "/" + name, "It is missing");
        }
        return member;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
