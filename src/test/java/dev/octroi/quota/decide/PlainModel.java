package dev.octroi.quota.decide;

import dev.octroi.catalog.FairUse;
import dev.octroi.catalog.Overage;
import dev.octroi.catalog.Validity;
import dev.octroi.catalog.ZoneCap;
import dev.octroi.policy.Level;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.Grant;
import dev.octroi.quota.account.UsageRecord;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Counting as one would explain it on a napkin: the yardstick of the simulation. Knows nothing of states and effects. */
public final class PlainModel {
    private final ZoneId zone;
    private final Validity validity;
    private final Instant openedAt;
    private final Set<String> seen = new HashSet<>();
    private final Set<String> grants = new HashSet<>();
    private final Map<String, Long> sessionUp = new HashMap<>();
    private final Map<String, List<Left>> bundles = new HashMap<>();
    private final Map<String, Long> fallen = new HashMap<>();
    private final Map<String, Instant> read = new HashMap<>();

    private record Left(Instant at, long bytes) {}

    public final PlainVolumes volumes;
    public long used;
    public long beyond;
    boolean exhausted;
    public boolean paused;
    public boolean held;
    boolean inZone;
    boolean ended;
    public Instant startsAt;
    public Instant endsAt;
    private int addedDays;
    private Instant lastReport = Instant.MIN;
    private Instant lastUse = Instant.MIN;
    private long capBytes = -1;
    private boolean capFired;
    private Instant cappedUntil = Instant.MIN;
    private LocalDate today;
    private long todayBytes;

    /** The price beyond, null where there is none; the rest is what was agreed and charged. */
    public Overage overage;

    Instant agreedAt;
    /** End of the first record after the consent that did not say when it began. */
    private Instant firstAfter = Instant.MIN;

    long limit;
    public long chargedBytes;
    public long charged;
    long monthCharged;
    boolean limitHeld;

    /** Bytes of a day and kbit/s after them, in rising order. */
    public long[] tiers = {};

    public int[] tierKbps = {};
    /** Over what they count. */
    public FairUse.Window tierWindow = FairUse.Window.DAY;

    private LocalDate tiersSince = LocalDate.MIN;
    private long tierBytes;
    /** Whether the plan stops at the end of its volume, and does not only slow down. */
    public boolean stops;
    /** Whether the last record was beyond the volume, ended after the consent, and may have begun before it. */
    public boolean wasFree;

    /** What the one zone does; some are slower in some hours only. */
    public ZoneCap zoneCap;

    private boolean zoneHolds;
    private Instant zoneEnd = Instant.MAX;
    private int slowedKbps;
    private Instant slowedUntil = Instant.MIN;
    private Instant zoneFrom = Instant.MIN;
    private Instant zoneUntil = Instant.MIN;
    private LocalDate month;

    public PlainModel(PlainVolumes volumes, ZoneId zone, Instant openedAt, Validity validity) {
        this.volumes = volumes;
        this.zone = zone;
        this.validity = validity;
        this.openedAt = openedAt;
        this.today = LocalDate.ofInstant(openedAt, zone);
    }

    public boolean agree(long chosen, Instant now) {
        time(now);
        if (overage == null || ended || chosen > overage.ceilingMinor()) {
            return false;
        }
        agreedAt = agreedAt == null ? now : agreedAt;
        limit = chosen == 0 ? overage.limitMinor() : chosen;
        limitHeld = monthCharged >= limit && (limitHeld || volumes.left() == 0);
        exhausted &= !goesOn();
        return true;
    }

    public void decline(Instant now) {
        time(now);
        if (agreedAt != null) {
            agreedAt = null;
            limitHeld = false;
            exhausted |= volumes.left() == 0 && !ended;
        }
    }

    private boolean goesOn() {
        return overage != null && agreedAt != null && charged < overage.ceilingMinor();
    }

    /** Byte by byte in thought: each costs its part until month or plan have cost enough. */
    private void charge(long bytes, Instant at, boolean afterConsent) {
        if (bytes == 0
                || !goesOn()
                || !afterConsent
                || isBeforeDate(at)
                || ended
                || endsAt == null
                || !at.isBefore(endsAt)
                || at.isBefore(month.atStartOfDay(zone).toInstant())) {
            return;
        }
        long wanted = price(chargedBytes + bytes) - charged;
        long room = Math.min(overage.ceilingMinor() - charged, Math.max(0, limit - monthCharged));
        long cost = Math.min(wanted, room);
        charged += cost;
        monthCharged += cost;
        long before = chargedBytes;
        chargedBytes += bytes;
        if (wanted > room) {
            long enough = chargedBytes;
            long tooFew = before - 1;
            while (enough - tooFew > 1) {
                long middle = tooFew + (enough - tooFew) / 2;
                if (price(middle) >= charged) {
                    enough = middle;
                } else {
                    tooFew = middle;
                }
            }
            chargedBytes = Math.max(before, enough);
        }
        boolean isReached = (wanted > room || monthCharged >= limit) && volumes.left() == 0;
        limitHeld = (limitHeld || isReached) && charged < overage.ceilingMinor();
    }

    /** Who agrees to pay agrees for what follows: what may have been used before is free. */
    private boolean isAfterConsent(Instant since, Instant at) {
        if (agreedAt == null || at.isBefore(agreedAt)) {
            return false;
        }
        if (since != null) {
            return !since.isBefore(agreedAt);
        }
        if (firstAfter.isBefore(agreedAt)) {
            firstAfter = at;
        }
        return at.isAfter(firstAfter);
    }

    /** Since when the bytes of a record were used; null: it does not say; the beginning of time: they may be of any. */
    private Instant since(UsageRecord record) {
        Instant said = record.eventStart().equals(record.eventEnd()) ? null : record.eventStart();
        String session = record.session();
        return switch (record.meaning()) {
            case DELTA, SESSION_BEGUN -> said;
            case ABSOLUTE_REMAINING ->
                bundles.getOrDefault(session, List.of()).stream()
                        .filter(each -> each.at().isBefore(record.eventEnd())
                                || (each.at().equals(record.eventEnd()) && each.bytes() >= record.downBytes()))
                        .map(Left::at)
                        .max(Comparator.naturalOrder())
                        .orElse(record.eventEnd());
            case SESSION_CUMULATIVE, GONE_OF_TOTAL -> {
                Instant before = read.get(session);
                if (before == null) {
                    yield said == null && record.meaning().isBalance() ? Instant.MIN : said;
                }
                yield record.eventEnd().isBefore(before) ? Instant.MIN : before;
            }
        };
    }

    private long price(long bytes) {
        return BigInteger.valueOf(bytes)
                .multiply(BigInteger.valueOf(overage.pricePerGigabyteMinor()))
                .divide(BigInteger.valueOf(1_000_000_000))
                .longValueExact();
    }

    /** Something happened that a plan may wait for. */
    public void start(Validity.StartMode mode, Instant at, Instant now) {
        time(now);
        if (validity.start() == mode) {
            begin(at, now);
        }
    }

    private void begin(Instant at, Instant now) {
        if (startsAt != null) {
            return;
        }
        boolean event = validity.start() != Validity.StartMode.FIXED;
        startsAt = event && at.isAfter(now) ? now : event && at.isBefore(openedAt) ? openedAt : at;
        int days = validity.amount() * (validity.unit() == Validity.Unit.WEEK ? 7 : 1);
        endsAt = validity.firstDay() == null
                ? startsAt.atZone(zone).plusDays(days).toInstant()
                : validity.firstDay().plusDays(days).atStartOfDay(zone).toInstant();
        endsAt = endsAt.atZone(zone).plusDays(addedDays).toInstant();
        volumes.begin(startsAt, now);
        expire(now);
        exhausted &= !volumes.renew(now, endsAt);
        ended = !now.isBefore(endsAt);
    }

    private void expire(Instant now) {
        if (volumes.expire(now)) {
            holdWithoutVolume();
        }
    }

    /** Where nothing is left, the plan's end of it holds, or the limit of what is charged. */
    private void holdWithoutVolume() {
        if (volumes.left() == 0 && !ended) {
            exhausted |= !goesOn();
            limitHeld |= goesOn() && monthCharged >= limit;
        }
    }

    /** A plan with a date is for its days. */
    private boolean isBeforeDate(Instant at) {
        return validity.start() == Validity.StartMode.FIXED && at.isBefore(startsAt == null ? date() : startsAt);
    }

    private Instant date() {
        return validity.firstDay() == null
                ? validity.fixedStart()
                : validity.firstDay().atStartOfDay(zone).toInstant();
    }

    public void time(Instant now) {
        if (!now.isBefore(zoneUntil)) {
            zoneUntil = Instant.MIN;
        }
        if (!now.isBefore(zoneEnd)) {
            zoneHolds = false;
            zoneEnd = Instant.MAX;
        }
        if (inZone && zoneCap.hours() != null && !zoneHolds && isHour(now)) {
            zoneFrom = now;
            hold(now);
        }
        LocalDate date = LocalDate.ofInstant(now, zone);
        if (month == null || date.withDayOfMonth(1).isAfter(month)) {
            limitHeld = false;
            monthCharged = 0;
            month = date.withDayOfMonth(1);
        }
        if (date.isAfter(today)) {
            today = date;
            todayBytes = 0;
            capFired = false;
        }
        if (tierWindow != FairUse.Window.PLAN && firstOf(date).isAfter(tiersSince)) {
            tiersSince = firstOf(date);
            tierBytes = 0;
        }
        if (validity.start() == Validity.StartMode.FIXED && startsAt == null && !now.isBefore(date())) {
            begin(date(), date());
        }
        expire(now);
        if (endsAt != null) {
            if (volumes.renew(now, endsAt)) {
                exhausted = false;
                limitHeld = false;
            }
            ended |= !now.isBefore(endsAt);
        }
        if (!now.isBefore(cappedUntil)) {
            cappedUntil = Instant.MIN;
        }
        if (!now.isBefore(slowedUntil)) {
            slowedUntil = Instant.MIN;
        }
    }

    public boolean count(UsageRecord record, Instant now) {
        wasFree = false;
        if (!seen.add(record.key())) {
            return false;
        }
        time(now);
        String session = record.session();
        Instant at = record.eventEnd();
        long bytes = record.upBytes() + record.downBytes();
        long delta = bytes;
        Instant since = since(record);
        if (record.meaning() == UsageRecord.Meaning.ABSOLUTE_REMAINING) {
            delta = fall(session, new Left(at, bytes));
        } else if (session != null) {
            long mark = sessionUp.getOrDefault(session, 0L);
            delta = Math.max(0, bytes - mark);
            sessionUp.put(session, Math.max(mark, bytes));
            read.merge(session, at, (one, other) -> one.isAfter(other) ? one : other);
        }
        boolean isUse = delta > 0 || !record.meaning().isBalance();
        if (isUse && validity.start() != Validity.StartMode.FIXED) {
            begin(record.eventStart(), now);
        }
        boolean isLatest = !at.isBefore(lastUse);
        lastUse = isLatest ? at : lastUse;
        if (isLatest && lastReport.equals(Instant.MIN)) {
            // Seen for the first time, in the network without an area.
            lastReport = record.eventStart();
        }
        if (delta == 0) {
            return true;
        }
        boolean isOfPlan = (endsAt == null || at.isBefore(endsAt)) && !isBeforeDate(at);
        long taken = isOfPlan ? volumes.take(delta, at, endsAt) : 0;
        used += taken;
        beyond += delta - taken;
        boolean afterConsent = isAfterConsent(since, at);
        wasFree = !afterConsent && goesOn() && !at.isBefore(agreedAt) && taken < delta;
        charge(volumes.isForgotten(at) ? 0 : delta - taken, at, afterConsent);
        holdWithoutVolume();
        LocalDate date = LocalDate.ofInstant(at.isAfter(now) ? now : at, zone);
        if (!isBeforeDate(at) && (tierWindow == FairUse.Window.PLAN || !date.isBefore(tiersSince))) {
            watchTiers(delta, now);
        }
        if (!date.isBefore(today)) {
            todayBytes += delta;
        }
        watchCap(now);
        return true;
    }

    private void watchTiers(long bytes, Instant now) {
        for (int i = 0; i < tiers.length && !ended; i++) {
            if (tierBytes < tiers[i] && tierBytes + bytes >= tiers[i]) {
                slowedKbps = tierKbps[i];
                slowedUntil = switch (tierWindow) {
                    case DAY -> midnight(now);
                    case WEEK -> {
                        Instant monday = firstOf(LocalDate.ofInstant(now, zone))
                                .plusWeeks(1)
                                .atStartOfDay(zone)
                                .toInstant();
                        yield monday.isBefore(now.plusSeconds(60)) ? now.plusSeconds(60) : monday;
                    }
                    case PLAN -> endsAt;
                };
            }
        }
        tierBytes += bytes;
    }

    /** First day of the window that a day is of. */
    private LocalDate firstOf(LocalDate date) {
        return tierWindow == FairUse.Window.WEEK ? date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)) : date;
    }

    /** All reports of a bundle in the order of measuring: what fell from one to the next was used. */
    private long fall(String bundle, Left report) {
        List<Left> all = bundles.computeIfAbsent(bundle, name -> new ArrayList<>());
        all.add(report);
        all.sort(Comparator.comparing(Left::at)
                .thenComparing(Comparator.comparing(Left::bytes).reversed()));
        long sum = 0;
        for (int i = 1; i < all.size(); i++) {
            sum += Math.max(0, all.get(i - 1).bytes() - all.get(i).bytes());
        }
        return sum - Objects.requireNonNullElse(fallen.put(bundle, sum), 0L);
    }

    public boolean grant(Grant grant, Instant now) {
        String reference = grant.reference();

        time(now);
        if (grants.contains(reference)) {
            return false;
        }
        if (!ended) {
            grants.add(reference);
            volumes.add(grant.bytes(), grant.validDays(), now);
            addedDays += grant.extendDays();
            if (endsAt != null) {
                Instant before = endsAt;
                endsAt = endsAt.atZone(zone).plusDays(grant.extendDays()).toInstant();
                if (tierWindow == FairUse.Window.PLAN && slowedUntil.equals(before)) {
                    slowedUntil = endsAt;
                }
            }
            if (grant.bytes() > 0 && volumes.left() > 0) {
                exhausted = false;
                limitHeld = false;
            }
        }
        return true;
    }

    public void cap(long bytes, Instant now) {
        time(now);
        if (bytes == capBytes) {
            return;
        }
        capBytes = bytes;
        capFired = false;
        cappedUntil = Instant.MIN;
        watchCap(now);
    }

    public void resume(Instant now) {
        time(now);
        boolean asks = zoneCap.effect() == ZoneCap.Inside.ASKS && (zoneHolds || now.isBefore(zoneUntil));
        if (paused) {
            paused = false;
        } else if (asks) {
            zoneHolds = false;
            zoneUntil = Instant.MIN;
        } else {
            cappedUntil = Instant.MIN;
        }
    }

    public void report(boolean inside, Instant at, Instant now) {
        time(now);
        if (at.isAfter(lastReport)) {
            lastReport = at;
            boolean isYoung = zoneHolds && !now.isBefore(zoneFrom) && now.isBefore(zoneFrom.plusSeconds(60));
            if (inside && !inZone && zoneCap.effect() != ZoneCap.Inside.WARNS && isHour(now)) {
                zoneFrom = now.isBefore(zoneUntil) ? zoneFrom : now;
                hold(now);
                zoneUntil = Instant.MIN;
            } else if (!inside && inZone) {
                zoneUntil = isYoung ? zoneFrom.plusSeconds(60) : Instant.MIN;
                zoneHolds = false;
                zoneEnd = Instant.MAX;
            }
            inZone = inside;
        }
    }

    private void hold(Instant now) {
        zoneHolds = true;
        zoneEnd = Instant.MAX;
        if (zoneCap.hours() != null) {
            Instant end = now.truncatedTo(ChronoUnit.HOURS).plusSeconds(3_600);
            while (isHour(end)) {
                end = end.plusSeconds(3_600);
            }
            zoneEnd = end.isBefore(now.plusSeconds(60)) ? now.plusSeconds(60) : end;
        }
    }

    private boolean isHour(Instant at) {
        return zoneCap.hours() == null || zoneCap.hours().contain(LocalTime.ofInstant(at, zone));
    }

    /** Where the zone's effect holds: inside, and for what is left of its first minute. */
    private boolean isCapped(Instant now) {
        return zoneHolds || now.isBefore(zoneUntil);
    }

    /** The end of the day; what began by itself holds for a minute. */
    private Instant midnight(Instant now) {
        Instant end =
                LocalDate.ofInstant(now, zone).plusDays(1).atStartOfDay(zone).toInstant();
        return end.isBefore(now.plusSeconds(60)) ? now.plusSeconds(60) : end;
    }

    private void watchCap(Instant now) {
        if (capBytes >= 0 && !capFired && todayBytes >= capBytes) {
            capFired = true;
            cappedUntil = midnight(now);
        }
    }

    public Level level(Instant now) {
        if (held) {
            return Level.SUSPENDED_ALL;
        }
        boolean waits = validity.start() == Validity.StartMode.FIXED && startsAt == null;
        boolean stopped = stops && (exhausted || limitHeld);
        if (ended || paused || waits || stopped || (isCapped(now) && zoneCap.speed() == null)) {
            return Level.SUSPENDED_DATA;
        }
        return exhausted || limitHeld || isCapped(now) || now.isBefore(cappedUntil) || now.isBefore(slowedUntil)
                ? Level.THROTTLED
                : Level.NORMAL;
    }

    public Speed speed(Instant now) {
        if (level(now) != Level.THROTTLED) {
            return null;
        }
        Speed speed = null;
        if (exhausted || limitHeld) {
            speed = Speed.both(384);
        }
        if (isCapped(now)) {
            speed = slower(speed, new Speed(1_000, 256));
        }
        if (now.isBefore(slowedUntil)) {
            speed = slower(speed, Speed.both(slowedKbps));
        }
        if (now.isBefore(cappedUntil)) {
            speed = slower(speed, Speed.both(512));
        }
        return speed;
    }

    private static Speed slower(Speed one, Speed other) {
        return one == null ? other : one.min(other);
    }
}
