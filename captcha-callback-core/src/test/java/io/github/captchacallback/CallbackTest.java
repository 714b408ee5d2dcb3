package io.github.captchacallback;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.captchacallback.provider.TaskResult;
import java.lang.reflect.Constructor;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackTest {

    /** Pitfall 49: a framework that binds records from request parameters leaves out what it does not find. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 4})
    void constructorWhenAPartIsMissingThenThrows(int missing) {
        Constructor<?> constructor = Callback.class.getDeclaredConstructors()[0];
        Object[] parts = {"1", new TaskResult.Solution("a-solution"), "a-reference", Instant.EPOCH, Instant.EPOCH};
        parts[missing] = null;
        assertThatThrownBy(() -> constructor.newInstance(parts)).hasCauseInstanceOf(NullPointerException.class);
    }
}
