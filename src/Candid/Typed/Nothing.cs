namespace Decent.Candid;

/// <summary>The value of types that carry none: <c>null</c>, <c>reserved</c> and, if there were one, <c>empty</c>.</summary>
public readonly record struct Nothing;
