"""The split of one cycle as SciPy and CVXPY see it; docs/optimisation.md derives both forms."""

import cvxpy as cp
import numpy as np
from scipy.optimize import minimize

from instances import PERIOD, RANDOMNESS, fixed_green


class Split:
    """Arrays of one instance: effective green = fixed + service @ greens."""

    def __init__(self, instance):
        stages = np.array(instance["stages"], dtype=float) / 10
        self.lower, self.upper = stages[:, 0], stages[:, 1]
        self.cycle = instance["cycle"] / 10
        self.total = self.cycle - stages[:, 2].sum()
        groups = instance["groups"]
        flow, saturation, weight, queue = (
            np.array([group[i] for group in groups], dtype=float) for i in range(4))
        self.service = np.array([group[4] for group in groups], dtype=float)
        self.fixed = np.array([fixed_green(instance, group[4]) for group in groups])
        self.weighted = weight * flow
        self.ratio = flow / saturation
        # Vehicles that want to go and that could go in the period, the latter a second of green.
        self.load = flow * PERIOD + 2 * queue
        self.served = saturation * PERIOD / self.cycle
        self.spread = 8 * RANDOMNESS * self.load
        self.due = 900 * weight * (flow * PERIOD + queue)

    def start(self):
        room = self.upper - self.lower
        return self.lower + room * (self.total - self.lower.sum()) / room.sum()

    def objective(self, greens):
        """Σ w q d as written in the HCM, d1 by its tangent beyond saturation; and its gradient."""
        green = self.fixed + self.service @ greens
        share = green / self.cycle
        y = np.minimum(self.ratio, 1 - 1e-12)
        below = 0.5 * self.cycle * (1 - share) ** 2 / (1 - y)
        beyond = 0.5 * self.cycle * (1 - self.ratio) + self.cycle * (self.ratio - share)
        is_over = share <= self.ratio
        regular = np.where(is_over, beyond, below)
        regular_slope = np.where(is_over, -1.0, -(1 - share) / (1 - y))
        volume = self.served * green
        x = self.load / volume
        root = np.sqrt((x - 1) ** 2 + self.spread / volume**2)
        overflow = x - 1 + root
        x_slope = -x / green
        overflow_slope = x_slope + ((x - 1) * x_slope - self.spread / volume**2 / green) / root
        value = self.weighted @ regular + self.due @ overflow
        slope = self.weighted * regular_slope + self.due * overflow_slope
        return value, self.service.T @ slope


def scipy(split):
    """Sequential quadratic programming, begun again from where it stops until it stays there."""
    greens = split.start()
    best = split.objective(greens)[0]
    constraint = {"type": "eq", "fun": lambda g: g.sum() - split.total,
                  "jac": lambda g: np.ones_like(g)}
    for _ in range(10):
        scale = best

        def scaled(g):
            value, slope = split.objective(g)
            return value / scale, slope / scale

        found = minimize(scaled, greens, jac=True, method="SLSQP", constraints=[constraint],
                         bounds=list(zip(split.lower, split.upper)),
                         options={"ftol": 1e-15, "maxiter": 500})
        feasible = np.clip(found.x, split.lower, split.upper)
        if abs(feasible.sum() - split.total) > 1e-9:
            break
        value = split.objective(feasible)[0]
        gain = best - value
        if gain > 0:
            best, greens = value, feasible
        if gain <= 1e-12 * best:
            break
    return best


def cones(split):
    """The same as a program of second-order cones, for Clarabel."""
    greens = cp.Variable(len(split.lower))
    green = split.fixed + split.service @ greens
    # d1: a parabola of the red up to saturation, a line beyond: half a Huber function.
    red = split.cycle - green
    full = split.cycle * (1 - split.ratio)
    terms = []
    for i, limit in enumerate(full):
        if limit > 1e-9 * split.cycle:
            terms.append(split.weighted[i] * limit / 2 * cp.huber(red[i] / limit))
        else:
            terms.append(split.weighted[i] * (red[i] - limit / 2))
    # d2: convex and rising in u = C / green, which is convex in the green.
    u = cp.Variable(len(split.load))
    whole = split.served * split.cycle
    x = cp.multiply(split.load / whole, u)
    noise = cp.multiply(np.sqrt(split.spread) / whole, u)
    norm = cp.norm(cp.vstack([x - 1, noise]), 2, axis=0)
    terms.append(split.due @ (x - 1 + norm))
    scale = split.objective(split.start())[0]
    problem = cp.Problem(
        cp.Minimize(sum(terms) / scale),
        [cp.sum(greens) == split.total, greens >= split.lower, greens <= split.upper,
         u >= cp.inv_pos(green / split.cycle)])
    problem.solve(solver=cp.CLARABEL, tol_gap_abs=1e-9, tol_gap_rel=1e-9, tol_feas=1e-9)
    return problem.value * scale
