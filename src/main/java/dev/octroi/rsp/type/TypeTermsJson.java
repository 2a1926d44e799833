package dev.octroi.rsp.type;

import dev.octroi.rsp.asn1.Plmn;
import dev.octroi.rsp.bound.NotificationEvent;
import dev.octroi.rsp.bound.ProfileClass;
import dev.octroi.rsp.bound.ProfileIcon;
import dev.octroi.rsp.bound.ProfileMetadata.PolicyRule;
import dev.octroi.rsp.bound.ProfileOwner;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Terms of a type on the wire and in the database, in one form. */
public final class TypeTermsJson {
    private static final HexFormat HEX = HexFormat.of();

    private TypeTermsJson() {}

    /** The terms as JSON. */
    public static JsonObject write(TypeTerms terms) {
        JsonObject json = new JsonObject()
                .put("serviceProviderName", terms.providerName())
                .put("profileName", terms.profileName())
                .put("profileClass", word(terms.profileClass()))
                .put("owner", owner(terms.owner()))
                .put(
                        "notifications",
                        new JsonArray(terms.notices().stream()
                                .map(TypeTermsJson::notice)
                                .toList()))
                .put("policyRules", words(terms.policyRules()))
                .put("protection", terms.protection().text())
                .put("downloadLimit", terms.downloads())
                .put("confirmationLimit", terms.confirmations());
        ProfileIcon icon = terms.icon();
        if (icon != null) {
            json.put(
                    "icon",
                    new JsonObject()
                            .put("type", word(icon.type()))
                            .put("data", Base64.getEncoder().encodeToString(icon.bytes())));
        }
        return json;
    }

    /**
     * Reads terms.
     *
     * @throws IllegalArgumentException when a value contradicts the standard; the message is for the sender
     */
    public static TypeTerms read(JsonObject json) {
        JsonArray notifications = json.getJsonArray("notifications");
        return new TypeTerms(
                json.getString("serviceProviderName"),
                json.getString("profileName"),
                readIcon(json.getJsonObject("icon")),
                constant(ProfileClass.class, json.getString("profileClass", "operational")),
                readOwner(json.getJsonObject("owner")),
                notifications == null
                        ? List.of(new TypeTerms.Notice(Set.of(NotificationEvent.values()), null))
                        : notifications.stream()
                                .map(each -> readNotice((JsonObject) each))
                                .toList(),
                set(json.getJsonArray("policyRules", new JsonArray()), word -> constant(PolicyRule.class, word)),
                Protection.of(json.getString("protection", Protection.SESSION_KEYS.text())),
                json.getInteger("downloadLimit", TypeTerms.DEFAULT_DOWNLOADS),
                json.getInteger("confirmationLimit", TypeTerms.DEFAULT_CONFIRMATIONS));
    }

    private static JsonObject owner(ProfileOwner owner) {
        JsonObject json = new JsonObject()
                .put("plmn", owner.plmn().mcc() + "-" + owner.plmn().mnc());
        if (owner.gid1() != null) {
            json.put("gid1", HEX.formatHex(owner.gid1()));
        }
        if (owner.gid2() != null) {
            json.put("gid2", HEX.formatHex(owner.gid2()));
        }
        return json;
    }

    private static ProfileOwner readOwner(JsonObject json) {
        String[] plmn = json.getString("plmn").split("-", 2);
        return new ProfileOwner(
                new Plmn(plmn[0], plmn.length == 2 ? plmn[1] : ""),
                bytes(json.getString("gid1")),
                bytes(json.getString("gid2")));
    }

    private static byte @Nullable [] bytes(@Nullable String hex) {
        return hex == null ? null : HEX.parseHex(hex);
    }

    private static JsonObject notice(TypeTerms.Notice notice) {
        JsonObject json = new JsonObject().put("events", words(notice.events()));
        return notice.address() == null ? json : json.put("address", notice.address());
    }

    private static TypeTerms.Notice readNotice(JsonObject json) {
        return new TypeTerms.Notice(
                set(json.getJsonArray("events"), word -> constant(NotificationEvent.class, word)),
                json.getString("address"));
    }

    private static @Nullable ProfileIcon readIcon(@Nullable JsonObject json) {
        return json == null
                ? null
                : new ProfileIcon(
                        constant(ProfileIcon.Type.class, json.getString("type")),
                        Base64.getDecoder().decode(json.getString("data")));
    }

    private static JsonArray words(Set<? extends Enum<?>> constants) {
        return new JsonArray(
                constants.stream().sorted().map(TypeTermsJson::word).toList());
    }

    private static <T> Set<T> set(JsonArray words, Function<String, T> read) {
        Set<T> set = new LinkedHashSet<>();
        words.forEach(word -> set.add(read.apply(String.valueOf(word))));
        return set;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String word) {
        return Arrays.stream(type.getEnumConstants())
                .filter(each -> word(each).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("an unknown word"));
    }
}
