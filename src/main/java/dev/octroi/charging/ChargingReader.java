package dev.octroi.charging;

import dev.octroi.quota.account.SessionPlace;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.usage.Countries;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a ChargingDataRequest (3GPP TS 32.291 §6.1.6.2.1.1); what is not used is passed over. Pure. */
final class ChargingReader {
    /** Rating groups and UPFs of one message: all that a session can have had, because a refused report is lost. */
    static final int MAX_USAGES = 256;
    /** Containers of one message. */
    private static final int MAX_CONTAINERS = 1_000;

    private static final int MAX_TRIGGERS = 32;
    private static final long MAX_UINT32 = 0xFFFF_FFFFL;
    private static final int MAX_PDU_SESSION = 255;
    private static final Pattern TEXT = Pattern.compile("[^\\s\\p{Cc}]\\P{Cc}{0,255}");
    private static final Pattern RAT = Pattern.compile("[A-Za-z0-9_-]{1,40}");
    private static final Pattern FEATURES = Pattern.compile("[A-Fa-f0-9]{0,64}");
    private static final Pattern SUPI = Pattern.compile(".{1,256}");
    private static final Pattern IMSI = Pattern.compile("imsi-([0-9]{6,15})");
    private static final Pattern PEI = Pattern.compile(".{1,256}");
    private static final Pattern IMEI = Pattern.compile("imei(?:sv)?-([0-9]{14,16})");
    private static final Pattern MCC = Pattern.compile("[0-9]{3}");
    private static final Pattern MNC = Pattern.compile("[0-9]{2,3}");
    private static final Pattern TAC = Pattern.compile("[0-9A-Fa-f]{4}|[0-9A-Fa-f]{6}");
    private static final Pattern CELL = Pattern.compile("[0-9A-Fa-f]{7}|[0-9A-Fa-f]{9}");
    private static final String OFFLINE = "OFFLINE_CHARGING";
    private static final Set<String> LAST = Set.of("FINAL", "QHT", "ABNORMAL_RELEASE");

    private final ChargingProfile profile;
    private final boolean ignoresOffline;

    /** @param ignoresOffline whether containers are left out that say they are charged offline */
    ChargingReader(ChargingProfile profile, boolean ignoresOffline) {
        this.profile = profile;
        this.ignoresOffline = ignoresOffline;
    }

    /** Reads a body; throws {@link NfProblem.RefusedException}. */
    ChargingMessage read(byte[] body) {
        Element request = Element.of(body);
        Element consumer = request.needs("nfConsumerIdentification").object();
        consumer.needs("nodeFunctionality").text(TEXT);
        Element session = request.at("pDUSessionChargingInformation").object();
        Element user = session.at("userInformation").object();
        Element pdu = session.at("pduSessionInformation").object();
        OptionalLong chargingId = request.at("chargingId").number(0, MAX_UINT32);
        return new ChargingMessage(
                name(consumer),
                request.at("subscriberIdentifier").text(SUPI).flatMap(supi -> first(IMSI, supi)),
                request.needs("invocationTimeStamp").moment().orElseThrow(),
                request.needs("invocationSequenceNumber").number(0, MAX_UINT32).orElseThrow(),
                request.at("oneTimeEvent").flag(),
                request.at("notifyUri").callback(),
                chargingId.isPresent() ? chargingId : session.at("chargingId").number(0, MAX_UINT32),
                session.at("sMFchargingId").text(TEXT),
                pdu.at("pduSessionID").number(0, MAX_PDU_SESSION),
                place(
                        session.at("userLocationinfo").object(),
                        pdu.at("servingCNPlmnId").object()),
                pdu.at("ratType").text(RAT),
                user.at("servedPEI").text(PEI).flatMap(pei -> first(IMEI, pei)),
                request.at("supportedFeatures").text(FEATURES).isPresent(),
                usages(request.at("multipleUnitUsage")));
    }

    private static String name(Element consumer) {
        List<String> parts = new ArrayList<>();
        for (String member : List.of("nFName", "nFIPv4Address", "nFIPv6Address", "nFFqdn")) {
            parts.add(consumer.at(member).text(TEXT).orElse(""));
        }
        return String.join("|", parts);
    }

    /**
     * Where traffic leaves at several UPFs, each reports for its part of a rating group. What comes in several entries (one for each
     * service, say) is the report of one.
     */
    private List<ChargingMessage.UnitUsage> usages(Element reported) {
        Map<String, ChargingMessage.UnitUsage> usages = new LinkedHashMap<>();
        int room = MAX_CONTAINERS;
        for (Element usage : reported.each(MAX_USAGES)) {
            long group =
                    usage.object().needs("ratingGroup").number(0, MAX_UINT32).orElseThrow();
            Optional<String> upfId = usage.at("uPFID").text(TEXT);
            Element asked = usage.at("requestedUnit").object();
            List<ChargingMessage.Container> containers = new ArrayList<>();
            long ignoredBytes = 0;
            List<Element> all = usage.at("usedUnitContainer").each(room);
            for (Element each : all) {
                ChargingMessage.Container container = container(each.object());
                if (isIgnored(each)) {
                    ignoredBytes += container.upBytes() + container.downBytes();
                } else {
                    containers.add(container);
                }
            }
            room -= all.size();
            // What is not counted needs no quota.
            boolean asks = asked.isThere() && (all.isEmpty() || !containers.isEmpty());
            usages.merge(
                    group + "|" + upfId.orElse(""),
                    new ChargingMessage.UnitUsage(group, asks, upfId, containers, ignoredBytes),
                    ChargingMessage.UnitUsage::and);
        }
        return List.copyOf(usages.values());
    }

    private boolean isIgnored(Element container) {
        return ignoresOffline
                && container
                        .at("quotaManagementIndicator")
                        .text(TEXT)
                        .filter(OFFLINE::equals)
                        .isPresent();
    }

    private ChargingMessage.Container container(Element container) {
        long up = bytes(container.at("uplinkVolume"));
        long down = bytes(container.at("downlinkVolume"));
        long total = bytes(container.at("totalVolume"));
        Element pdu = container.at("pDUContainerInformation").object();
        return new ChargingMessage.Container(
                container.needs("localSequenceNumber").number(0, MAX_UINT32).orElseThrow(),
                container.at("triggerTimestamp").moment(),
                up,
                // Where the directions do not add up to the sum, the rest was received: as a rule it is all there is.
                Math.max(down, total - up),
                place(
                        pdu.at("userLocationInformation").object(),
                        pdu.at("servingCNPlmnId").object()),
                pdu.at("rATType").text(RAT),
                isLast(container.at("triggers")));
    }

    private static boolean isLast(Element triggers) {
        boolean last = false;
        for (Element trigger : triggers.each(MAX_TRIGGERS)) {
            last |= trigger.object()
                    .at("triggerType")
                    .text(TEXT)
                    .filter(LAST::contains)
                    .isPresent();
        }
        return last;
    }

    private long bytes(Element volume) {
        if (profile == ChargingProfile.FREE5GC) {
            // A signed number of 32 bits that has run over is what it would be unsigned.
            long raw = volume.number(Integer.MIN_VALUE, UsageRecord.MAX_BYTES).orElse(0);
            return raw < 0 ? raw + (1L << 32) : raw;
        }
        return volume.number(0, UsageRecord.MAX_BYTES).orElse(0);
    }

    private static Optional<SessionPlace> place(Element location, Element serving) {
        for (String kind : List.of("nrLocation", "eutraLocation")) {
            Element at = location.at(kind).object();
            if (!at.isThere()) {
                continue;
            }
            Element tai = at.at("tai").object();
            Optional<String> plmn = plmn(tai.at("plmnId").object());
            Optional<String> tac = tai.at("tac").text(TAC);
            Optional<String> cell = kind.equals("nrLocation")
                    ? at.at("ncgi").object().at("nrCellId").text(CELL)
                    : at.at("ecgi").object().at("eutraCellId").text(CELL);
            if (plmn.isPresent()) {
                return plmn.map(network -> new SessionPlace(
                        network,
                        Countries.of(network),
                        tac.map(area -> area(network, area, cell)).orElse(null)));
            }
        }
        return plmn(serving).map(network -> new SessionPlace(network, Countries.of(network), null));
    }

    private static String area(String plmn, String tac, Optional<String> cell) {
        String area = plmn + "-" + tac + cell.map(id -> "-" + id).orElse("");
        return area.toUpperCase(Locale.ROOT);
    }

    private static Optional<String> plmn(Element id) {
        Optional<String> mcc = id.at("mcc").text(MCC);
        Optional<String> mnc = id.at("mnc").text(MNC);
        return mcc.flatMap(country -> mnc.map(network -> country + "-" + network));
    }

    private static Optional<String> first(Pattern form, String text) {
        var matcher = form.matcher(text);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
