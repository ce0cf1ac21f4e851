namespace Decent.Payments.Payouts;

/// <summary>Rules of payouts.</summary>
internal sealed record PayoutOptions
{
    /// <summary>False refuses drafts and approvals, and holds back what is approved.</summary>
    public bool Enabled { get; init; }

    /// <summary>Least amount of one payout, in the currency's smallest unit (scale 9).</summary>
    public Int128 MinimumUnits { get; init; }

    /// <summary>First pause of an approved payout that cannot be prepared; doubled up to
    /// <see cref="LongestPause" />.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Longest pause.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(15);
}
