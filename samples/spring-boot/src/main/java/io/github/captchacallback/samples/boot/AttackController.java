package io.github.captchacallback.samples.boot;

import java.util.Arrays;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Carries out an attack for the console, and shows what was answered. */
@RestController
class AttackController {

    private final Attacker attacker;

    AttackController(Attacker attacker) {
        this.attacker = attacker;
    }

    /** What was answered, in the order of the answers. */
    record Report(String attack, List<Answer> answers) {}

    @PostMapping("/demo/attacks/{name}")
    ResponseEntity<Report> attack(@PathVariable String name) {
        return ResponseEntity.of(Arrays.stream(Attack.values())
                .filter(attack -> attack.wire().equals(name))
                .findFirst()
                .map(attack -> new Report(name, attacker.carryOut(attack))));
    }
}
