package dev.octroi.policy;

/**
 * A speed cap.
 *
 * @param downKbps towards the device, kilobits (1,000 bits) per second, 1 to 10,000,000
 * @param upKbps from the device, kilobits per second, 1 to 10,000,000
 */
public record Speed(int downKbps, int upKbps) {
    private static final int MAX_KBPS = 10_000_000;

    public Speed {
        if (downKbps < 1 || downKbps > MAX_KBPS || upKbps < 1 || upKbps > MAX_KBPS) {
            throw new IllegalArgumentException("a speed is 1 to 10,000,000 kbit/s");
        }
    }

    /** The same cap in both directions. */
    public static Speed both(int kbps) {
        return new Speed(kbps, kbps);
    }

    /** The slower of two caps, direction by direction. */
    public Speed min(Speed other) {
        return new Speed(Math.min(downKbps, other.downKbps), Math.min(upKbps, other.upKbps));
    }
}
