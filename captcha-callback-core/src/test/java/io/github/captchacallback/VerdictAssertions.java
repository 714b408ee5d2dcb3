package io.github.captchacallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.github.captchacallback.http.Refusal;

/** Asserts verdicts, and says which other one there was. */
public final class VerdictAssertions {

    private VerdictAssertions() {}

    public static Verdict.Accepted assertAccepted(Verdict verdict) {
        return assertThat(verdict).asInstanceOf(type(Verdict.Accepted.class)).actual();
    }

    public static Verdict.Refused assertRefused(Verdict verdict, Refusal refusal) {
        Verdict.Refused refused =
                assertThat(verdict).asInstanceOf(type(Verdict.Refused.class)).actual();
        assertThat(refused.refusal()).isEqualTo(refusal);
        return refused;
    }

    public static Verdict.Repeated assertRepeated(Verdict verdict) {
        return assertThat(verdict).asInstanceOf(type(Verdict.Repeated.class)).actual();
    }
}
