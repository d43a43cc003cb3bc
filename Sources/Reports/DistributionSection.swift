import Phrases
import Simulation

/// The distribution of delays and waits, not only their means.
extension Writer {
  var distribution: Markup {
    let heading = Phrase("Distribution of delay", "延误分布")
    guard study.source == .model else {
      return section(
        heading,
        [
          paragraph(
            Phrase(
              "The results hold no distribution of delays: the simulator's summary tells its mean "
                + "and 95th percentile alone.",
              "结果中没有延误分布：仿真器的汇总只给出平均值和 95 % 分位值。"))
        ])
    }
    let delays = curve(
      of: \.delays,
      Phrase(
        "Vehicles whose delay is below a time, % of all", "延误小于某值的车辆占全部车辆的百分比，%"), "delays")
    let waits = curve(
      of: \.waits,
      Phrase(
        "People whose wait at a crossing is below a time, % of all",
        "在人行横道等待小于某值的行人占全部行人的百分比，%"), "waits")
    return section(
      heading,
      [
        key(of: Array(study.controls.indices)), gallery([delays, waits].compactMap(\.self)),
      ])
  }

  private func curve(
    of distribution: (Score) -> Distribution, _ caption: Phrase, _ field: String
  ) -> Markup? {
    let controls = study.controls.indices
    let curves = controls.compactMap { control in
      study.shares(under: control, distribution).map {
        ShareChart.Curve(style: control, name: words(name(of: control)), shares: $0)
      }
    }
    guard !curves.isEmpty,
      let width = study.all(curves[0].style).compactMap({ $0.score.map(distribution)?.width }).first
    else { return nil }
    let percentiles: [(String, (Distribution) -> Double)] = [
      ("50", \.p50), ("85", \.p85), ("95", \.p95), ("99", \.p99),
    ]
    let rows = percentiles.map { share, value in
      [Cell(words(Phrase("\(share) % below, s", "\(share) % 分位，秒")))]
        + controls.map { control in
          Cell(
            study.mean(of: control) { $0.score.map { value(distribution($0)) } },
            field: "\(field)/p\(share)/\(study.controls[control])")
        }
    }
    let chart = ShareChart(width: width, curves: curves).markup(
      label: words(caption), unit: words(Phrase("s", "秒")))
    return .element(
      "figure", [:],
      [
        .element("figcaption", [:], words(caption)), chart,
        scrolling(
          table(nil, header: [""] + controls.map { words(name(of: $0)) }, rows: rows)),
      ])
  }
}
