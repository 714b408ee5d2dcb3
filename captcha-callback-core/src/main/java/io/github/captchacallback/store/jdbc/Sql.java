package io.github.captchacallback.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Represents a statement whose parameters have names. Values are always bound, and never become part of the text.
 *
 * @param text the statement with a question mark for each parameter
 * @param parameters the name of each parameter, in their order
 */
record Sql(String text, List<String> parameters) {

    private static final Pattern PARAMETER = Pattern.compile(":([a-z][A-Za-z]*)");

    /** Reads a statement in which a parameter is written as {@code :name}. */
    static Sql of(String template) {
        List<String> parameters = new ArrayList<>();
        Matcher matcher = PARAMETER.matcher(template);
        StringBuilder text = new StringBuilder();
        while (matcher.find()) {
            parameters.add(matcher.group(1));
            matcher.appendReplacement(text, "?");
        }
        matcher.appendTail(text);
        return new Sql(text.toString(), List.copyOf(parameters));
    }

    PreparedStatement prepare(Connection connection, Values values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(text);
        try {
            for (int i = 0; i < parameters.size(); i++) {
                values.bind(statement, i + 1, parameters.get(i));
            }
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    /** Represents the values of parameters by their names. */
    static final class Values {

        private final Map<String, @Nullable Object> byName = new HashMap<>();

        Values with(String name, @Nullable String value) {
            byName.put(name, value);
            return this;
        }

        Values with(String name, long value) {
            byName.put(name, value);
            return this;
        }

        private void bind(PreparedStatement statement, int index, String name) throws SQLException {
            Object value = byName.get(name);
            if (value instanceof Long number) {
                statement.setLong(index, number);
            } else if (value instanceof String text) {
                statement.setString(index, text);
            } else if (byName.containsKey(name)) {
                statement.setNull(index, Types.VARCHAR);
            } else {
                throw new IllegalStateException("No value for the parameter " + name);
            }
        }
    }
}
