import Glibc

/// e to the power of `x`, from libm.
func exponential(_ x: Double) -> Double { exp(x) }
