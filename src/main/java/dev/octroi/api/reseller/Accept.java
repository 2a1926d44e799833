package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import java.util.List;
import java.util.Locale;

/** Chooses among the media types of an operation (RFC 9110 §12.5.1); the router has refused what fits none. */
final class Accept {
    private Accept() {}

    /** The media type that the caller likes best; the first one when several are liked alike. */
    static String preferred(ApiCall call, List<String> offered) {
        String accept = call.header("Accept").orElse("*/*").toLowerCase(Locale.ROOT);
        String best = offered.getFirst();
        double bestQuality = 0;
        for (String type : offered) {
            double quality = quality(accept, type);
            if (quality > bestQuality) {
                best = type;
                bestQuality = quality;
            }
        }
        return best;
    }

    /** The quality of the most specific range that covers a type, 0 when none does. */
    private static double quality(String accept, String type) {
        String family = type.substring(0, type.indexOf('/')) + "/*";
        double quality = 0;
        int specificity = -1;
        for (String range : accept.split(",", 32)) {
            String[] parts = range.strip().split(";", 8);
            String name = parts[0].strip();
            int found = name.equals(type) ? 2 : name.equals(family) ? 1 : name.equals("*/*") ? 0 : -1;
            if (found > specificity) {
                specificity = found;
                quality = weight(parts);
            }
        }
        return quality;
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.matches("q=(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)")) {
                return Double.parseDouble(parameter.substring(2));
            }
        }
        return 1;
    }
}
