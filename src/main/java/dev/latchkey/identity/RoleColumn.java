package dev.latchkey.identity;

import dev.latchkey.platform.caller.Role;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;

/** Keeps a role as its word. */
@Converter
class RoleColumn implements AttributeConverter<Role, String> {

    @Override
    public String convertToDatabaseColumn(Role role) {
        return role.word();
    }

    @Override
    public Role convertToEntityAttribute(String word) {
        return Role.of(word);
    }
}
