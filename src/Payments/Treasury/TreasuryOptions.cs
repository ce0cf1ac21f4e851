using Decent.Candid;

namespace Decent.Payments.Treasury;

/// <summary>How our accounts are watched.</summary>
internal sealed record TreasuryOptions
{
    /// <summary>Principals whose transfers to us are relays of a rail, with the rail's id.</summary>
    public IReadOnlyList<(Principal Sender, string Rail)> Relays { get; init; } = [];

    /// <summary>Blocks booked in one transaction.</summary>
    public int BatchBlocks { get; init; } = 500;
}
