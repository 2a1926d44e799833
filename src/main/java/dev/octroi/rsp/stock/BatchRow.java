package dev.octroi.rsp.stock;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.Imsi;
import dev.octroi.rsp.order.NewStock;
import dev.octroi.rsp.order.SubscriberKeys;
import dev.octroi.rsp.profile.Subscriber.Codes;
import dev.octroi.rsp.stock.BatchHeader.Column;
import dev.octroi.rsp.type.StoredType;
import dev.octroi.secret.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns the values of one line into a profile to be made. Pure. */
final class BatchRow {
    private static final Pattern IMSI = Pattern.compile("[0-9]{6,15}");
    private static final Pattern EID = Pattern.compile("[0-9]{32}");
    private static final Pattern MATCHING_ID = Pattern.compile("[0-9A-Z-]{1,200}");
    private static final Pattern DIGITS = Pattern.compile("[0-9]{8}");
    private static final Pattern ADM = Pattern.compile("[0-9]{8}|[0-9a-fA-F]{16}");
    private static final int MAX_PROVIDER_BYTES = 32;
    private static final int MAX_NAME_BYTES = 64;
    private static final int MAX_CODE_LENGTH = 64;
    private static final HexFormat HEX = HexFormat.of();

    private final StoredType.Facts facts;
    private final @Nullable TransportKey transport;
    private final Map<Column, String> values = new EnumMap<>(Column.class);

    private BatchRow(StoredType.Facts facts, @Nullable TransportKey transport) {
        this.facts = facts;
        this.transport = transport;
    }

    /** Ends the reading of one row. */
    private static final class Fault extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final RowFault fault;

        Fault(RowFault fault) {
            super(fault.code(), null, false, false);
            this.fault = fault;
        }
    }

    static BatchLine read(
            int number,
            List<String> cells,
            BatchHeader header,
            StoredType.Facts facts,
            @Nullable TransportKey transport) {
        if (cells.size() > header.columns().size()) {
            return new BatchLine.Bad(number, RowFault.COLUMNS);
        }
        BatchRow row = new BatchRow(facts, transport);
        for (int i = 0; i < cells.size(); i++) {
            String value = cells.get(i).strip();
            if (!value.isEmpty()) {
                row.values.put(header.columns().get(i), value);
            }
        }
        try {
            return new BatchLine.Row(number, row.profile());
        } catch (Fault e) {
            return new BatchLine.Bad(number, e.fault);
        }
    }

    private NewStock profile() {
        String iccid = values.getOrDefault(Column.ICCID, "");
        require(Iccid.isValid(iccid), RowFault.ICCID);
        String imsi = values.getOrDefault(Column.IMSI, "");
        require(IMSI.matcher(imsi).matches(), RowFault.IMSI);
        require(facts.imsiDigits() == 0 || imsi.length() == facts.imsiDigits(), RowFault.IMSI_LENGTH);
        byte[] k = key(Column.K, facts.keyBytes(), RowFault.K);
        byte[] opc = key(Column.OPC, facts.opcBytes(), RowFault.OPC);
        return new NewStock(
                Iccid.ofText(iccid),
                new Imsi(imsi),
                new SubscriberKeys(k, opc, new Codes.Given(puk(), adm())),
                name(Column.SERVICEPROVIDERNAME, MAX_PROVIDER_BYTES, RowFault.SERVICE_PROVIDER_NAME),
                name(Column.PROFILENAME, MAX_NAME_BYTES, RowFault.PROFILE_NAME),
                ordered());
    }

    /** A column that the package has no place for is passed over: exports of operators carry it all the same. */
    private byte[] key(Column column, int bytes, RowFault fault) {
        if (bytes == 0) {
            return new byte[0];
        }
        byte[] key = hex(values.getOrDefault(column, ""), fault);
        require(key.length == bytes, fault);
        return transport == null ? key : transport.open(key);
    }

    private Optional<byte[]> puk() {
        @Nullable String puk = values.get(Column.PUK);
        require(puk == null || DIGITS.matcher(puk).matches(), RowFault.PUK);
        return Optional.ofNullable(puk).map(BatchRow::ascii);
    }

    private Optional<byte[]> adm() {
        @Nullable String adm = values.get(Column.ADM);
        require(adm == null || ADM.matcher(adm).matches(), RowFault.ADM);
        return Optional.ofNullable(adm).map(text -> text.length() == 8 ? ascii(text) : HEX.parseHex(text));
    }

    private @Nullable String name(Column column, int maxBytes, RowFault fault) {
        @Nullable String name = values.get(column);
        require(name == null || name.getBytes(StandardCharsets.UTF_8).length <= maxBytes, fault);
        return name;
    }

    private NewStock.@Nullable Ordered ordered() {
        @Nullable String matchingId = values.get(Column.MATCHINGID);
        @Nullable String eid = values.get(Column.EID);
        @Nullable String code = values.get(Column.CONFIRMATIONCODE);
        require(matchingId == null || MATCHING_ID.matcher(matchingId).matches(), RowFault.MATCHING_ID);
        require(eid == null || EID.matcher(eid).matches(), RowFault.EID);
        boolean isOrder = matchingId != null || eid != null;
        require(code == null || (isOrder && code.length() <= MAX_CODE_LENGTH), RowFault.CONFIRMATION_CODE);
        if (!isOrder) {
            return null;
        }
        return new NewStock.Ordered(
                matchingId,
                code == null ? null : Sha256.of(code.getBytes(StandardCharsets.UTF_8)),
                eid == null ? null : new Eid(eid));
    }

    private static byte[] hex(String text, RowFault fault) {
        try {
            return HEX.parseHex(text);
        } catch (IllegalArgumentException notHex) {
            throw new Fault(fault);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void require(boolean holds, RowFault fault) {
        if (!holds) {
            throw new Fault(fault);
        }
    }
}
