package dev.octroi.charging;

import static java.util.Objects.requireNonNull;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A SpendingLimitContext, as far as it is used (3GPP TS 29.594 §5.6.2.2).
 *
 * @param supi the subscriber as the consumer names it
 * @param imsi its digits
 * @param counters the counters asked for; empty: all
 * @param notifUri where notifications go
 * @param notifId the consumer's own name for the subscription
 * @param namesFeatures whether it says which optional features its consumer supports
 * @param expiry how long it wants to hear
 */
record SpendingContext(
        String supi,
        String imsi,
        List<PolicyCounter> counters,
        String notifUri,
        Optional<String> notifId,
        boolean namesFeatures,
        Optional<Instant> expiry) {
    private static final int MAX_COUNTERS = 16;
    private static final Pattern TEXT = Pattern.compile("\\P{Cc}{1,256}");
    private static final Pattern FEATURES = Pattern.compile("[A-Fa-f0-9]{0,64}");
    private static final Pattern SUPI = Pattern.compile("imsi-[0-9]{6,15}");

    SpendingContext {
        requireNonNull(supi, "supi is null");
        requireNonNull(notifUri, "notifUri is null");
        counters = List.copyOf(counters);
    }

    /** Reads a body; throws {@link NfProblem.RefusedException}. */
    static SpendingContext read(byte[] body) {
        return read(Element.of(body), new JsonObject());
    }

    /**
     * Reads what a subscription is modified by: no element is mandatory, and a PCF may say only what changes.
     *
     * @param kept what is kept of the subscription, for what is not said anew; may be empty
     */
    static SpendingContext read(Element context, JsonObject kept) {
        String supi = said(context, "supi", kept)
                .map(element -> element.text(TEXT).orElseThrow())
                .orElseGet(() -> kept.getString("supi"));
        if (!SUPI.matcher(supi).matches()) {
            throw NfProblem.userUnknown().refuse();
        }
        String notifUri = said(context, "notifUri", kept)
                .map(element -> element.callback().orElseThrow())
                .orElseGet(() -> kept.getString("notifUri"));
        return new SpendingContext(
                supi,
                supi.substring("imsi-".length()),
                counters(context.at("policyCounterIds")),
                notifUri,
                context.at("notifId").text(TEXT).or(() -> Optional.ofNullable(kept.getString("notifId"))),
                context.at("supportedFeatures").text(FEATURES).isPresent(),
                context.at("expiry").moment());
    }

    /** An element that has to be there unless it is kept; empty where what is kept holds. */
    private static Optional<Element> said(Element context, String name, JsonObject kept) {
        return !context.at(name).isThere() && kept.containsKey(name)
                ? Optional.empty()
                : Optional.of(context.needs(name));
    }

    /** Those that are known here; refused where others were asked for and none of ours. */
    private static List<PolicyCounter> counters(Element ids) {
        List<PolicyCounter> known = new ArrayList<>();
        List<Element> asked = ids.each(MAX_COUNTERS);
        for (Element each : asked) {
            each.text(TEXT)
                    .flatMap(PolicyCounter::ofId)
                    .filter(counter -> !known.contains(counter))
                    .ifPresent(known::add);
        }
        if (!asked.isEmpty() && known.isEmpty()) {
            throw new NfProblem(
                            400,
                            "UNKNOWN_POLICY_COUNTERS",
                            "None of the policy counters is known here.",
                            Optional.of(ids.pointer()))
                    .refuse();
        }
        return known;
    }

    /** What is kept of it, sealed. */
    JsonObject kept() {
        JsonObject kept = new JsonObject().put("supi", supi).put("notifUri", notifUri);
        notifId.ifPresent(id -> kept.put("notifId", id));
        return kept;
    }

    @Override
    public String toString() {
        return "SpendingContext[hidden]";
    }
}
