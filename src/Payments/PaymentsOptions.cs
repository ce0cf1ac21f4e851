namespace Decent.Payments;

/// <summary>What the operator decides about contracts, releases and the polling of rails.</summary>
public sealed record PaymentsOptions
{
    /// <summary>
    /// The platform's share of what is earned, basis points, 0 to 10,000; fixed per contract when registered.
    /// </summary>
    public required int PlatformFeeBps { get; init; }

    /// <summary>Length of a release slot, whole seconds; slots start at the epoch.</summary>
    public required TimeSpan ReleaseSlot { get; init; }

    /// <summary>How long after its period a release becomes payable.</summary>
    public required TimeSpan ReleaseHold { get; init; }

    /// <summary>How often an open collection is read at its rail during its first hour; hourly after that.</summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromMinutes(5);
}
