package dev.octroi.usage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** The country of a network. */
public final class Countries {
    /** Of networks in no country: ships, aircraft, satellites. */
    public static final String NONE = "ZZ";

    private static final Map<String, String> BY_MCC = read();

    private Countries() {}

    /**
     * ISO 3166-1 alpha-2 code of a network.
     *
     * @param plmn {@code MCC-MNC}
     */
    public static String of(String plmn) {
        return BY_MCC.getOrDefault(plmn.substring(0, 3), NONE);
    }

    private static Map<String, String> read() {
        Properties properties = new Properties();
        try (InputStream in = Countries.class.getResourceAsStream("countries.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> byMcc = new HashMap<>();
        properties.forEach((mcc, country) -> byMcc.put((String) mcc, (String) country));
        return Map.copyOf(byMcc);
    }
}
