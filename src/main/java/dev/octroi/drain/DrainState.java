package dev.octroi.drain;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * What the detector remembers of one subscription: compact, at most {@link #MAX_BYTES} serialised. Mutable and not
 * thread-safe: the lane of the account owns it. {@code fromBytes(toBytes())} gives a state that behaves identically.
 */
public final class DrainState {
    /** Upper bound of the serialised form. */
    public static final int MAX_BYTES = 1_024;

    private static final byte FORMAT = 2;
    /** Without what was done about incidents. */
    private static final byte FIRST_FORMAT = 1;

    PlanClass plan;
    /** Newest hour seen, hours since 1970 UTC; 0 before the first record. */
    int head;
    /** Hour of the first record. */
    int first;
    /** Local time less UTC of the newest record, minutes. */
    int offsetMinutes;
    /** Share of the newest records that the feed classified. */
    char classified = Compact.half(1);

    final HourRing ring = new HourRing();
    final Baseline baseline = new Baseline();
    final DayCurve curve = new DayCurve();
    final Rhythm rhythm = new Rhythm();
    final Zones zones = new Zones();
    final Incident incident = new Incident();
    private final Response response = new Response();

    // Working space, never serialised: the owner of the state is the only one who measures with it.
    final float[] sample = new float[Baseline.SIZE];
    final float[] excess = new float[HourRing.HOURS];
    final float[] features = new float[FeatureSpec.ALL.size()];

    private DrainState(PlanClass plan) {
        this.plan = plan;
    }

    /** A subscription that has never been seen. */
    public static DrainState fresh(PlanClass plan) {
        return new DrainState(requireNonNull(plan));
    }

    /**
     * Reads the serialised form.
     *
     * @throws IllegalArgumentException when the bytes are of another format
     */
    public static DrainState fromBytes(byte[] bytes) {
        DrainState state = new DrainState(PlanClass.at(0));
        state.become(bytes);
        return state;
    }

    /**
     * Becomes another subscription's state: the same as {@link #fromBytes}, in the memory that this one has already.
     *
     * @throws IllegalArgumentException when the bytes are of another format; this state is of no use then
     */
    public void become(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte format = bytes.length < 2 ? 0 : in.get();
        if (format != FORMAT && format != FIRST_FORMAT) {
            throw new IllegalArgumentException("not a drain state of format " + FORMAT);
        }
        plan = PlanClass.at(in.get());
        head = in.getInt();
        first = in.getInt();
        offsetMinutes = in.getShort();
        classified = in.getChar();
        ring.read(in);
        baseline.read(in);
        curve.read(in);
        rhythm.read(in);
        zones.read(in);
        incident.read(in);
        if (format == FIRST_FORMAT) {
            response.clear();
        } else {
            response.read(in);
        }
        incident.readPast(in);
        Arrays.fill(sample, 0);
        Arrays.fill(excess, 0);
        Arrays.fill(features, 0);
    }

    /** The serialised form, at most {@link #MAX_BYTES}. */
    public byte[] toBytes() {
        byte[] bytes = new byte[MAX_BYTES];
        return Arrays.copyOf(bytes, write(bytes));
    }

    /**
     * Writes the serialised form.
     *
     * @param bytes with room for {@link #MAX_BYTES}
     * @return how many were written
     */
    public int write(byte[] bytes) {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        out.put(FORMAT).put((byte) plan.code()).putInt(head).putInt(first);
        out.putShort((short) offsetMinutes).putChar(classified);
        ring.write(out);
        baseline.write(out);
        curve.write(out);
        rhythm.write(out);
        zones.write(out);
        incident.write(out);
        response.write(out, incident.hasPast());
        incident.writePast(out);
        return out.position();
    }

    /** An independent copy, for callers that must not change the state they were given. */
    public DrainState copy() {
        return fromBytes(toBytes());
    }

    /** The class of plan whose population is the prior. */
    public PlanClass plan() {
        return plan;
    }

    /** What is normal for this subscription, as it has been learned so far; changes nothing. */
    public NormalBand band(Population population) {
        DrainState copy = copy();
        if (copy.head == 0) {
            copy.curve.startFrom(population.group(plan));
        }
        copy.baseline.derive(population, plan);
        float all = 0;
        for (int hour = 0; hour < DayCurve.HOURS; hour++) {
            all += Compact.pow2(copy.curve.at(hour));
        }
        float spread = Compact.pow2(Explanation.BAND * (float) Math.sqrt(copy.baseline.spread(Baseline.DAY)));
        List<ByteRange> hours = new ArrayList<>();
        for (int hour = 0; hour < DayCurve.HOURS; hour++) {
            float usual = copy.usualDay() * Compact.pow2(copy.curve.at(hour)) / all;
            hours.add(new ByteRange((long) (usual / spread), (long) (usual * spread)));
        }
        OptionalInt offset = head == 0 ? OptionalInt.empty() : OptionalInt.of(offsetMinutes);
        return new NormalBand(hours, (long) copy.usualDay(), offset, learnedDays());
    }

    /** What was done about the incidents. */
    public Response response() {
        return response;
    }

    /** Number of the incident that is open or was last open, 0 before the first. */
    public int incident() {
        return incident.count();
    }

    /** Whether that incident was last answered so; true: the use was meant. */
    public boolean isAnswered(boolean wasMe) {
        return incident.isAnswered(wasMe);
    }

    /** A person let the last incident go: it is not held again. */
    public void letGo() {
        incident.letGo();
        response.lift(incident.count());
    }

    /** The traveller removed what drained: the last incident is not held again for the hours before. */
    public void removed() {
        incident.removed(head);
        response.lift(incident.count());
    }

    /** Whether the traveller said so of the last incident, and nobody has let it go for good since. */
    public boolean isRemoved() {
        return incident.isRemoved();
    }

    /** Whether that is a day ago: whatever drains now went on. */
    public boolean isRemovedLongAgo() {
        return incident.isRemovedLongAgo(head);
    }

    /** The quantities measured with the newest record, in the order of the weights. */
    public List<Float> quantities() {
        List<Float> list = new ArrayList<>(features.length);
        for (float each : features) {
            list.add(each);
        }
        return list;
    }

    /** Days of own history behind the learned normal, 0 to 15. */
    public double learnedDays() {
        return baseline.days();
    }

    /** The hour of day, local to the newest record, of an hour since 1970 UTC. */
    int localHour(int hour) {
        return Math.floorMod(hour * 60 + 30 + offsetMinutes, 1_440) / 60;
    }

    /** Brings what is derived from the learned normal up to date. */
    void derive(Population population) {
        if (baseline.derive(population, plan)) {
            Measure.levels(this);
        }
    }

    /** What is usual in an hour, since 1970 UTC: the usual day by its curve. */
    float usualHour(int hour) {
        float all = 0;
        for (int each = 0; each < DayCurve.HOURS; each++) {
            all += Compact.pow2(curve.at(each));
        }
        return usualDay() * Compact.pow2(curve.at(localHour(hour))) / all;
    }

    /** The usual volume of a day, bytes. */
    float usualDay() {
        return baseline.usualDay();
    }
}
