package dev.octroi.usage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.octroi.drain.Category;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the JSON form of usage records and location reports. Numbers of subscribers become keyed hashes right here. */
final class JsonRecords {
    private static final Form KEY = Form.of("[\\x21-\\x7E]", 1, 80);
    private static final Form IMSI = Form.of("[0-9]", 6, 15);
    private static final Form TAC = Form.of("[0-9A-Fa-f]", 1, 6);
    private static final Form CELL = Form.of("[0-9A-Fa-f]", 1, 9);
    private static final Form WORD = Form.of("[A-Za-z0-9_-]", 1, 20);
    private static final Form DESTINATION = Form.of("[A-Za-z0-9._:/-]", 1, 64);

    private static final Form ICCID_DIGITS = Form.of("[0-9]", 18, 20);
    /** With or without the filler of its last half byte. */
    static final Form ICCID = new Form(
            "[0-9]{18,20}[Ff]?",
            text -> ICCID_DIGITS.fits(
                    text.endsWith("F") || text.endsWith("f") ? text.substring(0, text.length() - 1) : text));

    private static final int MCC_DIGITS = 3;
    private static final Form MCC = Form.of("[0-9]", MCC_DIGITS, MCC_DIGITS);
    private static final Form MNC = Form.of("[0-9]", 2, 3);
    static final Form PLMN = new Form(
            "[0-9]{3}-[0-9]{2,3}",
            text -> text.length() > MCC_DIGITS
                    && text.charAt(MCC_DIGITS) == '-'
                    && MCC.fits(text.substring(0, MCC_DIGITS))
                    && MNC.fits(text.substring(MCC_DIGITS + 1)));

    private static final int ICCID_TELLING = 18;
    private static final int IMEI_TELLING = 14;

    private final BlindIndex index;

    JsonRecords(BlindIndex index) {
        this.index = index;
    }

    Reported usage(byte[] json, Feed feed, Instant receivedAt) {
        return usage(json, feed, receivedAt, null);
    }

    /** The same for a feed whose messages have a place that may stand for the record's identity. */
    Reported usage(byte[] json, Feed feed, Instant receivedAt, @Nullable String fallbackId) {
        try {
            Members in = Members.read(json, Member.USAGE);
            if (fallbackId != null && !in.has(Member.ID)) {
                in.put(Member.ID, fallbackId);
            }
            return usage(in, feed, receivedAt);
        } catch (BadRecordException e) {
            return new Reported.Bad(null, e.fault(), e.detail());
        }
    }

    /** Reads a record whose members another form has named already. */
    Reported usage(JsonNode node, Feed feed, Instant receivedAt) {
        try {
            return usage(Members.of(node, Member.USAGE), feed, receivedAt);
        } catch (BadRecordException e) {
            return new Reported.Bad(null, e.fault(), e.detail());
        }
    }

    private Reported usage(Members in, Feed feed, Instant receivedAt) {
        String key = null;
        try {
            key = in.text(Member.ID, KEY);
            Subscriber subscriber = subscriber(in, feed);
            return new Reported.Usage(key, subscriber, record(in, key, feed, receivedAt));
        } catch (BadRecordException e) {
            return new Reported.Bad(key, e.fault(), e.detail());
        }
    }

    Reported location(byte[] json, Feed feed) {
        try {
            Members in = Members.read(json, Member.LOCATION);
            return new Reported.Location(
                    subscriber(in, feed),
                    in.text(Member.PLMN, PLMN),
                    hexadecimal(in, Member.TAC, TAC),
                    hexadecimal(in, Member.CELL, CELL),
                    device(in),
                    in.time(Member.AT));
        } catch (BadRecordException e) {
            return new Reported.Bad(null, e.fault(), e.detail());
        }
    }

    private UsageRecord record(Members in, String key, Feed feed, Instant receivedAt) {
        Volumes volumes = Volumes.read(in);
        Instant end = in.time(Member.END);
        Instant start = in.has(Member.START) ? in.time(Member.START) : end;
        if (end.isBefore(start)) {
            throw new BadRecordException(Fault.MALFORMED, "end is before start");
        }
        String plmn = in.text(Member.PLMN, PLMN);
        String tac = hexadecimal(in, Member.TAC, TAC);
        String cell = hexadecimal(in, Member.CELL, CELL);
        String area = tac == null ? null : plmn + "-" + tac + (cell == null ? "" : "-" + cell);
        String category = in.optional(Member.CATEGORY, WORD);
        String rat = in.optional(Member.RAT, WORD);
        return new UsageRecord(
                feed.source(),
                named(in, feed, key),
                volumes.meaning(),
                volumes.session() == null ? null : named(in, feed, volumes.session()),
                in.counterBits(),
                start,
                end,
                receivedAt,
                volumes.upBytes(),
                volumes.downBytes(),
                plmn,
                Countries.of(plmn),
                area,
                rat == null ? "unknown" : rat,
                category == null ? Category.OTHER : Category.of(category),
                in.optional(Member.DESTINATION_CLASS, DESTINATION),
                device(in));
    }

    /**
     * A feed's own name of a record or a session, which is kept in clear. One with a number of the subscriber in it, as network elements like
     * to make them, becomes a keyed hash.
     */
    private String named(Members in, Feed feed, String name) {
        boolean tells = holds(name, in.optional(Member.IMSI, IMSI), Integer.MAX_VALUE)
                || holds(name, in.optional(Member.ICCID, ICCID), ICCID_TELLING)
                || holds(name, in.optional(Member.IMEI, Devices.FORM), IMEI_TELLING)
                || holds(name, in.optional(Member.IMEISV, Devices.FORM), IMEI_TELLING);
        return tells
                ? HexFormat.of().formatHex(index.network(IdentifierKind.TOKEN, feed.source() + "\n" + name))
                : name;
    }

    /** @param telling so many digits of a number are all that tells; the rest checks them, or is left out at times */
    private static boolean holds(String name, @Nullable String number, int telling) {
        return number != null && name.contains(number.substring(0, Math.min(telling, number.length())));
    }

    /** In upper case, as zones name their areas. */
    private static @Nullable String hexadecimal(Members in, Member member, Form form) {
        String text = in.optional(member, form);
        return text == null ? null : text.toUpperCase(Locale.ROOT);
    }

    private @Nullable String device(Members in) {
        String imei = in.optional(Member.IMEI, Devices.FORM);
        String imeisv = in.optional(Member.IMEISV, Devices.FORM);
        if (imei != null && imeisv != null) {
            throw new BadRecordException(Fault.MALFORMED, "imei or imeisv, not both");
        }
        String digits = imei == null ? imeisv : imei;
        return digits == null ? null : Devices.hash(index, digits).orElse(null);
    }

    private Subscriber subscriber(Members in, Feed feed) {
        String imsi = in.optional(Member.IMSI, IMSI);
        String iccid = in.optional(Member.ICCID, ICCID);
        if (imsi == null == (iccid == null)) {
            throw new BadRecordException(Fault.MALFORMED, "either imsi or iccid is needed");
        }
        if (imsi != null ? !feed.coversImsi().test(imsi) : !feed.coversIccid()) {
            throw new BadRecordException(
                    Fault.SUBSCRIBER_NOT_COVERED, "the partner may not report for this subscriber");
        }
        IdentifierKind kind = imsi != null ? IdentifierKind.IMSI : IdentifierKind.ICCID;
        return Subscriber.of(kind, index.network(kind, imsi != null ? imsi : String.valueOf(iccid)));
    }
}
