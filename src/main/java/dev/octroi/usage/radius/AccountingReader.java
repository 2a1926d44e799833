package dev.octroi.usage.radius;

import static java.util.Objects.requireNonNull;

import dev.octroi.drain.Category;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.radius.RadiusAttributes;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.secret.Sha256;
import dev.octroi.usage.Countries;
import dev.octroi.usage.Devices;
import dev.octroi.usage.Fault;
import dev.octroi.usage.Feed;
import dev.octroi.usage.Reported;
import dev.octroi.usage.Subscriber;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes usage records of accounting requests. Counters are cumulative for their session; a packet without any only says where
 * the device is, and nothing of what was used. A retransmission with a new
 * identifier and another Acct-Delay-Time gets the key of the packet that it repeats.
 */
final class AccountingReader {
    private static final int IMSI_3GPP = 1;
    private static final int SGSN_MCC_MNC_3GPP = 18;
    private static final int IMEISV_3GPP = 20;
    private static final int RAT_TYPE_3GPP = 21;
    private static final int USER_LOCATION_3GPP = 22;
    private static final Pattern IMSI = Pattern.compile("[0-9]{6,15}");
    private static final Pattern MCC_MNC = Pattern.compile("[0-9]{5,6}");
    private static final int KEY_BYTES = 16;

    private final BlindIndex index;

    AccountingReader(BlindIndex index) {
        this.index = requireNonNull(index, "index is null");
    }

    /** The record of a request that is about a session. */
    Reported read(RadiusClient client, AccountingRequest request, RadiusAttributes attributes, Instant receivedAt) {
        String session = hash(request.session());
        String key = key(session, request, receivedAt);
        Optional<String> imsi = attributes.text3gpp(IMSI_3GPP).filter(IMSI.asMatchPredicate());
        if (imsi.isEmpty()) {
            return new Reported.Bad(key, Fault.MALFORMED, "3GPP-IMSI is missing or not an IMSI");
        }
        Feed feed = client.feed();
        if (!feed.coversImsi().test(imsi.get())) {
            return new Reported.Bad(key, Fault.SUBSCRIBER_NOT_COVERED, "the client may not report this subscriber");
        }
        Optional<UserLocation> location =
                attributes.first3gpp(USER_LOCATION_3GPP).flatMap(UserLocation::read);
        Optional<String> plmn = location.map(UserLocation::plmn)
                .or(() -> attributes.text3gpp(SGSN_MCC_MNC_3GPP).flatMap(AccountingReader::network))
                .or(client::home);
        if (plmn.isEmpty()) {
            return new Reported.Bad(key, Fault.MALFORMED, "no attribute names the visited network");
        }
        if (request.upBytes() > UsageRecord.MAX_BYTES || request.downBytes() > UsageRecord.MAX_BYTES) {
            return new Reported.Bad(key, Fault.TOO_LARGE, "more bytes than a session can have");
        }
        Instant end = request.eventEnd(receivedAt);
        return new Reported.Usage(
                Subscriber.of(IdentifierKind.IMSI, index.network(IdentifierKind.IMSI, imsi.get())),
                new UsageRecord(
                                feed.source(),
                                key,
                                meaning(request),
                                session,
                                request.counterBits(),
                                end,
                                end,
                                receivedAt,
                                request.upBytes(),
                                request.downBytes(),
                                plmn.get(),
                                Countries.of(plmn.get()),
                                location.map(AccountingReader::area).orElse(null),
                                rat(attributes),
                                Category.OTHER)
                        .inDevice(attributes
                                .text3gpp(IMEISV_3GPP)
                                .flatMap(digits -> Devices.hash(index, digits))
                                .orElse(null)));
    }

    private static UsageRecord.Meaning meaning(AccountingRequest request) {
        if (request.isReading()) {
            return UsageRecord.Meaning.SESSION_CUMULATIVE;
        }
        return request.status() == AccountingRequest.Status.START
                ? UsageRecord.Meaning.SESSION_BEGUN
                : UsageRecord.Meaning.DELTA;
    }

    /**
     * What does not change when a packet is sent again, and changes with every new reading of the counters. A session that begins has
     * none: there it is the second of the beginning, as far as it is known. Where that is another one when the packet is sent again, it is
     * said twice that the session began, which changes nothing.
     */
    private static String key(String session, AccountingRequest request, Instant receivedAt) {
        boolean begins = request.status() == AccountingRequest.Status.START;
        return hash(session
                + '/'
                + request.status()
                + '/'
                + request.seconds()
                + '/'
                + request.upBytes()
                + '/'
                + request.downBytes()
                + '/'
                + request.eventTime()
                        .or(() -> begins ? Optional.of(request.eventEnd(receivedAt)) : Optional.empty())
                        .map(Instant::getEpochSecond)
                        .orElse(0L));
    }

    private static String hash(String text) {
        return HexFormat.of().formatHex(Sha256.of(text), 0, KEY_BYTES);
    }

    private static Optional<String> network(String digits) {
        return MCC_MNC.matcher(digits).matches()
                ? Optional.of(digits.substring(0, 3) + "-" + digits.substring(3))
                : Optional.empty();
    }

    private static @Nullable String area(UserLocation location) {
        String area = location.area();
        if (area == null) {
            return null;
        }
        String cell = location.cell();
        return location.plmn() + "-" + area + (cell == null ? "" : "-" + cell);
    }

    /** TS 29.061 §16.4.7.2, attribute 21, in the words of TS 29.571 RatType. */
    private static String rat(RadiusAttributes attributes) {
        int code = attributes
                .first3gpp(RAT_TYPE_3GPP)
                .filter(value -> value.length > 0)
                .map(value -> value[value.length - 1] & 0xFF)
                .orElse(0);
        return switch (code) {
            case 1, 5 -> "UTRA";
            case 2, 4 -> "GERA";
            case 3 -> "WLAN";
            case 6 -> "EUTRA";
            case 8 -> "NBIOT";
            case 9 -> "LTE-M";
            case 51 -> "NR";
            default -> "unknown";
        };
    }
}
