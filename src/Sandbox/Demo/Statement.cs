using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Decent.Sandbox.Demo;

/// <summary>What the day came to. Amounts are integer texts of smallest units with their asset.</summary>
/// <param name="Contracts">Who paid what, and what became of it.</param>
/// <param name="Providers">Earned and paid out.</param>
/// <param name="Payouts">With their blocks.</param>
/// <param name="Refunds">Back to renters.</param>
/// <param name="Fees">What the platform kept and what rails and ledgers took.</param>
/// <param name="Treasury">Chain against books.</param>
/// <param name="Reconciliation">The comparisons of the last run.</param>
/// <param name="Findings">Open findings as <c>code subject</c>.</param>
/// <param name="Books">Trial balance.</param>
/// <param name="Judgements">What had to hold, and whether it does.</param>
internal sealed record Statement(
    IReadOnlyList<ContractLine> Contracts,
    IReadOnlyList<ProviderLine> Providers,
    IReadOnlyList<PayoutLine> Payouts,
    IReadOnlyList<RefundLine> Refunds,
    IReadOnlyList<FeeLine> Fees,
    IReadOnlyList<TreasuryLine> Treasury,
    IReadOnlyList<ComparisonLine> Reconciliation,
    IReadOnlyList<FindingLine> Findings,
    IReadOnlyList<BooksLine> Books,
    IReadOnlyList<Judgement> Judgements)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    /// <summary>True when everything holds.</summary>
    public bool Reconciles => Judgements.All(j => j.Holds);

    /// <summary>The statement as one JSON object.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

/// <summary>An amount.</summary>
/// <param name="Count">Integer text, smallest units.</param>
/// <param name="Asset">Code.</param>
internal sealed record Amount(
    [property: JsonPropertyName("amount")] string Count, string Asset)
{
    /// <summary>The count of smallest units.</summary>
    public BigInteger Units() => BigInteger.Parse(Count, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}

/// <summary>One contract.</summary>
internal sealed record ContractLine(
    string Id, string Story, string Provider, string Rail, string State, Amount Price, Amount? Received,
    string? Resolution, Amount Paid,
    Amount Earned, Amount PlatformFee, Amount Refunded, Amount Dust, Amount InEscrow);

/// <summary>One provider.</summary>
internal sealed record ProviderLine(string Id, Amount Earned, Amount PaidOut, Amount Payable);

/// <summary>One payout.</summary>
internal sealed record PayoutLine(
    string Provider, string State, Amount Amount, Amount Tokens, Amount LedgerFee, string PriceUsdE18, string Block,
    string Account);

/// <summary>One refund.</summary>
internal sealed record RefundLine(string Contract, string Rail, string State, Amount Amount);

/// <summary>One kind of fee.</summary>
internal sealed record FeeLine(string What, Amount Amount);

/// <summary>One token of the treasury.</summary>
internal sealed record TreasuryLine(string Asset, Amount OnChain, Amount Books, Amount Difference);

/// <summary>One comparison.</summary>
internal sealed record ComparisonLine(string Check, string Result, string? Expected, string? Actual);

/// <summary>One open finding.</summary>
internal sealed record FindingLine(string Code, string Severity, string About);

/// <summary>One asset of the trial balance.</summary>
internal sealed record BooksLine(string Asset, string Debits, string Credits, bool Balanced);

/// <summary>One thing that had to hold.</summary>
/// <param name="What">In words.</param>
/// <param name="Holds">Whether it does.</param>
/// <param name="Detail">What was seen when it does not; empty otherwise.</param>
internal sealed record Judgement(string What, bool Holds, string Detail);
