package dev.octroi.fuzz;

/** What Jazzer calls: the target that the system property {@code octroi.fuzz.target} names. */
public final class JazzerEntry {
    private static FuzzTarget target = new FuzzTarget() {
        @Override
        public void feed(byte[] input) {
            throw new IllegalStateException("not initialised");
        }

        @Override
        public java.util.List<byte[]> seeds() {
            return java.util.List.of();
        }
    };

    private JazzerEntry() {}

    /** Called once by Jazzer. */
    public static void fuzzerInitialize() throws ReflectiveOperationException {
        target = FuzzTargets.create(System.getProperty("octroi.fuzz.target", ""));
    }

    /** Called by Jazzer with each input. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        target.feed(input);
    }
}
