package dev.octroi.http;

import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.validation.SchemaValidationException;
import io.vertx.openapi.validation.ValidatorException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns what the contract's validator says into pointers into the request. */
final class ContractErrors {

    /** Keywords that only say "something below is wrong". */
    private static final Pattern COMPOSITE =
            Pattern.compile("/(\\$ref|properties|items|prefixItems|allOf|anyOf|oneOf|if|then|else)$");

    private static final Pattern PARAMETER =
            Pattern.compile("(?:value of|related to|Missing required|The) ?(?:the )?.*?\\b(path|query|header|cookie)"
                    + " parameter ([\\w-]{1,64})");

    private static final String NO_MATCH = "It does not match the contract";

    private ContractErrors() {}

    static Problem of(ValidatorException failure) {
        Problem problem = Problem.of(ProblemType.INVALID_REQUEST);
        Matcher parameter = PARAMETER.matcher(String.valueOf(failure.getMessage()));
        String place = parameter.find() ? "#/" + parameter.group(1) + "/" + parameter.group(2) : "#";
        if (failure instanceof SchemaValidationException schema) {
            return problem.withErrors(fromOutput(schema.getOutputUnit(), place));
        }
        String detail = switch (failure.type()) {
            case MISSING_REQUIRED_PARAMETER -> place.equals("#") ? "A body is required" : "It is required";
            case INVALID_VALUE_FORMAT, UNSUPPORTED_VALUE_FORMAT -> "Its form cannot be understood";
            case ILLEGAL_VALUE -> "It cannot be decoded";
            default -> NO_MATCH;
        };
        return problem.withErrors(List.of(new Problem.Place(place, detail)));
    }

    private static List<Problem.Place> fromOutput(OutputUnit output, String place) {
        List<OutputUnit> units = output.getErrors() == null ? List.of() : output.getErrors();
        Map<String, String> exact = new LinkedHashMap<>();
        Map<String, String> vague = new LinkedHashMap<>();
        Map<String, String> unknown = new LinkedHashMap<>();
        for (OutputUnit unit : units) {
            String keyword = unit.getKeywordLocation() == null ? "" : unit.getKeywordLocation();
            String pointer = pointer(place, unit.getInstanceLocation());
            if (keyword.endsWith("/additionalProperties")) {
                unknown.putIfAbsent(pointer, "It is not a known member");
            } else {
                String error = unit.getError() == null ? NO_MATCH : unit.getError();
                (COMPOSITE.matcher(keyword).find() ? vague : exact).putIfAbsent(pointer, error);
            }
        }
        // The validator calls a known member with a wrong value unknown as well.
        unknown.keySet().removeAll(exact.keySet());
        unknown.keySet().removeAll(vague.keySet());
        Map<String, String> chosen = exact.isEmpty() && unknown.isEmpty() ? vague : exact;
        List<Problem.Place> errors = new ArrayList<>();
        chosen.forEach((pointer, detail) -> errors.add(new Problem.Place(pointer, detail)));
        unknown.forEach((pointer, detail) -> errors.add(new Problem.Place(pointer, detail)));
        return errors.isEmpty() ? List.of(new Problem.Place(place, NO_MATCH)) : errors;
    }

    private static String pointer(String place, @Nullable String instanceLocation) {
        if (instanceLocation == null || instanceLocation.length() <= 1) {
            return place;
        }
        return place + instanceLocation.substring(instanceLocation.startsWith("#") ? 1 : 0);
    }
}
