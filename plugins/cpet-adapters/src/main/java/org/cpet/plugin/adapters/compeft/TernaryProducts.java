package org.cpet.plugin.adapters.compeft;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cpet.plugin.adapters.ternary.TernaryMask;

/**
 * Products of vectors that are cut into the same parts, by counting bits: a·b = Σ sₐ s_b (γₐ·γ_b), ‖a − b‖² = ‖a‖² + ‖b‖² −
 * 2 a·b with ‖a‖² = Σ sₐ² |γₐ|.
 */
final class TernaryProducts {
    private TernaryProducts() {}

    static Map<String, Double> of(TernaryAdapter a, TernaryAdapter b) {
        double signDot = 0;
        double signDistance = 0;
        double dot = 0;
        double squaresOfA = 0;
        double squaresOfB = 0;
        for (int i = 0; i < a.parts().size(); i++) {
            TernaryMask left = a.parts().get(i).mask();
            TernaryMask right = b.parts().get(i).mask();
            double scaleOfA = a.scale(i);
            double scaleOfB = b.scale(i);
            long product = left.dot(right);
            signDot += product;
            signDistance += left.distance(right);
            dot += scaleOfA * scaleOfB * product;
            squaresOfA += scaleOfA * scaleOfA * left.count();
            squaresOfB += scaleOfB * scaleOfB * right.count();
        }
        Map<String, Double> found = new LinkedHashMap<>();
        found.put("dot", dot);
        found.put("cosine", squaresOfA * squaresOfB == 0 ? 0 : dot / Math.sqrt(squaresOfA * squaresOfB));
        found.put("squared_distance", squaresOfA + squaresOfB - 2 * dot);
        found.put("sign_dot", signDot);
        found.put("sign_l1", signDistance);
        return found;
    }
}
