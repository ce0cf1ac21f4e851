namespace Decent.Ledger;

/// <summary>Two amounts of different assets met in one operation. Always a fault of the program.</summary>
public sealed class AssetMismatchException(Asset left, Asset right)
    : InvalidOperationException($"An amount in {left} cannot be combined with one in {right}.")
{
    /// <summary>Asset of the left operand.</summary>
    public Asset Left { get; } = left;

    /// <summary>Asset of the right operand.</summary>
    public Asset Right { get; } = right;
}
